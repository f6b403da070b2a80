-- Broadcasts: who gets one and who does not and why, in a window; the list to tick off, in the file itself.

local server = require('guanxi.server')
local window = require('guanxi.window')

local M = {}

-- Calls back with the URI of the broadcast that is meant: by path, by the buffer, or chosen.
function M.which(client, name, done)
  server.ask(client, 'guanxi.list', { query = 'kind:broadcast' }, function(broadcasts)
    local current = vim.uri_from_bufnr(0)
    for _, one in ipairs(broadcasts) do
      if name and (one.path == name or vim.fs.basename(one.path) == name) or not name and one.uri == current then
        return done(one.uri)
      end
    end
    if name then
      return server.fail(('there is no broadcast `%s` in this vault'):format(name))
    end
    if #broadcasts == 0 then
      return server.fail('this vault has no broadcast yet: a Markdown file with `to: "#lead"` between its --- lines is one')
    end
    local function path(one)
      return one.path
    end
    vim.ui.select(broadcasts, { prompt = 'Which broadcast?', kind = 'guanxi', format_item = path }, function(one)
      if one then
        done(one.uri)
      end
    end)
  end)
end

-- Who gets it, and who is left out and why. Enter opens the person.
function M.list(client, uri, source)
  server.ask(client, 'guanxi.broadcast.list', { uri = uri }, function(answer)
    local lines, colours, files = {}, {}, {}
    local function add(text, colour, person)
      table.insert(lines, text)
      colours[#lines] = colour
      files[#lines] = person and vim.uri_from_fname(vim.fs.joinpath(client.root_dir, person.path))
    end
    local function section(title, people, words)
      add(('%s: %d'):format(title, #people), 'Title')
      local width = 0
      for _, person in ipairs(people) do
        width = math.max(width, vim.fn.strdisplaywidth(person.alias))
      end
      for _, person in ipairs(people) do
        local space = (' '):rep(width - vim.fn.strdisplaywidth(person.alias))
        local more = words(person)
        add(('  %s%s'):format(person.alias, more and space .. '  ' .. more or ''), nil, person)
      end
    end
    section('Gets it', answer.recipients, function(person)
      return person.address ~= vim.NIL and person.address or nil
    end)
    add('')
    section('Left out', answer.left_out, function(person)
      return person.words
    end)
    local buffer = window.open(client, 'guanxi://recipients/' .. vim.fs.basename(vim.uri_to_fname(uri)), {
      ['<CR>'] = function()
        local file = files[vim.fn.line('.')]
        if file then
          server.open(client, file)
        end
      end,
    })
    window.fill(buffer, lines, colours)
    window.head(buffer, ' <Enter> opens the person · q close')
  end, source)
end

-- "3 added, 2 kept"
local function counts(answer)
  local parts = {}
  local function add(count, word)
    if count > 0 then
      table.insert(parts, count .. ' ' .. word)
    end
  end
  add(#answer.added, 'added')
  add(answer.kept, 'kept')
  add(#answer.dropped, 'dropped')
  add(#answer.stays_ticked, 'no longer meant, kept because ticked')
  return #parts > 0 and table.concat(parts, ', ') or 'nobody gets it'
end

-- Writes the list to tick off into the broadcast, or brings it up to date.
function M.refresh(client, uri, source)
  server.ask(client, 'guanxi.broadcast.list', { uri = uri, write = true }, function(answer)
    server.say(counts(answer))
  end, source)
end

return M
