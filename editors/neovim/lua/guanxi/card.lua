-- A contact's card in a window that stays, where `K` shows one until the cursor moves.

local pick = require('guanxi.pick')
local server = require('guanxi.server')
local window = require('guanxi.window')

local M = {}

-- The card of a contact: what the server says about its alias, which stands at this place.
local function show(client, place)
  local params = { textDocument = { uri = place.uri }, position = place.range.start }
  client:request('textDocument/hover', params, function(err, hover)
    if err or not hover then
      return server.fail(err and err.message or ('nothing is known about %s'):format(place.path))
    end
    local buffer = window.open(client, 'guanxi://card', {
      ['<CR>'] = function()
        server.open(client, place.uri, place.range)
      end,
    })
    vim.bo[buffer].filetype = 'guanxi-card'
    window.fill(buffer, vim.split(hover.contents.value, '\n'))
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
    window.head(buffer, ' <Enter> opens the file · gx opens a link · q closes')
    -- As a hover is shown.
    vim.wo[0][0].conceallevel = 2
    vim.wo[0][0].concealcursor = 'n'
    pcall(vim.treesitter.start, buffer, 'markdown')
  end, vim.api.nvim_get_current_buf())
end

-- The contact of this name, path or URI. `failed` gets what is wrong.
local function contact(client, name, failed)
  server.ask(client, 'guanxi.show', { contact = name, show = false }, function(places)
    local place = places[1]
    -- A note has no alias: its place is empty.
    if vim.deep_equal(place.range.start, place.range['end']) then
      return failed(('%s is not a contact'):format(place.path))
    end
    show(client, place)
  end, nil, failed)
end

-- Calls back with the file that a link under the cursor leads to, if there is one.
local function linked(client, done)
  local buffer, here_window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  if not vim.lsp.buf_is_attached(buffer, client.id) then
    return done()
  end
  local at = vim.lsp.util.make_position_params(here_window, client.offset_encoding)
  client:request('textDocument/documentLink', { textDocument = at.textDocument }, function(_, links)
    for _, link in ipairs(links or {}) do
      local from, to, here = link.range.start, link.range['end'], at.position
      if from.line == here.line and from.character <= here.character and here.character < to.character then
        return done((link.target:gsub('#.*$', '')))
      end
    end
    done()
  end, buffer)
end

-- Whom the cursor means: the entry of a list, the link under it, else whose file this is.
local function under_cursor(client)
  local buffer = vim.api.nvim_get_current_buf()
  if vim.bo.buftype == 'quickfix' then
    local entry = vim.fn.getqflist()[vim.fn.line('.')]
    buffer = entry and entry.bufnr or buffer
  end
  linked(client, function(target)
    contact(client, target or vim.uri_from_bufnr(buffer), function()
      server.fail('no contact under the cursor: put it on a [[link]], or name one, such as `:Guanxi show Li Na`')
    end)
  end)
end

-- The card of this contact; of whom the words find, where nobody is called that.
function M.run(client, words)
  local name = table.concat(words, ' ')
  if name == '' then
    return under_cursor(client)
  end
  contact(client, name, function(wrong)
    pick.search(client, name, function(people)
      if #people == 0 then
        return server.fail(wrong)
      elseif #people == 1 then
        return contact(client, people[1].uri, server.fail)
      end
      pick.among(client, ('%d found for %s'):format(#people, name), people, function(person)
        contact(client, person.uri, server.fail)
      end)
    end)
  end)
end

return M
