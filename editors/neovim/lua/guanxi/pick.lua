-- Choosing people and tags: with telescope or fzf-lua where one of them is there, else in a window of our own, or with vim.ui.select.
-- What is typed to find people goes to the server, so that it finds as `guanxi find` does.
--
-- What there is to choose from is a source, a table that every picker understands:
--   prompt, results   what stands above the line to type in, and above what was found
--   search            gives the entries for a text, by `done(entries)` or `failed(words)`; `search_now` gives them at once
--   words, key        the line of an entry, and what it is known by
--   file              the file of an entry, or
--   preview           gives the lines that stand beside it, by `done(lines)`
--   open              what choosing an entry does
--   list              what is done with all of them, if anything can be

local server = require('guanxi.server')
local settings = require('guanxi.settings')

local M = {}

-- So many people are shown at once.
M.limit = 100

-- One line about a person: "Wang Xiaoming · 王小明 · Panda Lighting  #lead #new-york"
function M.words(person)
  local parts = { person.alias or person.path }
  local other = type(person.aliases) == 'table' and person.aliases[1]
  if other and other ~= parts[1] then
    table.insert(parts, other)
  end
  if type(person.org) == 'string' then
    table.insert(parts, person.org)
  end
  local tags = {}
  for _, tag in ipairs(type(person.tags) == 'table' and person.tags or {}) do
    table.insert(tags, '#' .. tag)
  end
  return table.concat(parts, ' · ') .. (#tags > 0 and '  ' .. table.concat(tags, ' ') or '')
end

-- The command that answers a text: everybody where there is none.
local function command(text)
  local empty = vim.trim(text) == ''
  return empty and 'guanxi.list' or 'guanxi.find', { limit = M.limit, query = not empty and text or nil }
end

-- The people that a text finds. `failed` gets what is wrong with it.
function M.search(client, text, done, failed)
  local name, arguments = command(text)
  server.ask(client, name, arguments, done, nil, failed)
end

local function people(client)
  local function file(person)
    return vim.uri_to_fname(person.uri)
  end
  return {
    prompt = 'Find',
    results = 'People',
    search = function(text, done, failed)
      M.search(client, text, done, failed)
    end,
    search_now = function(text)
      return server.ask_now(client, command(text)) or {}
    end,
    words = M.words,
    key = file,
    file = file,
    open = function(person)
      server.open(client, person.uri)
    end,
    list = function(found, text)
      require('guanxi.lenses').people(client, text, found)
    end,
  }
end

-- "  event/ces-2026  3  Met at CES 2026", indented below its parent.
local function tag_words(tag)
  local depth = select(2, tag.tag:gsub('/', ''))
  return ('%s%s  %d%s'):format(('  '):rep(depth), tag.tag, tag.total, tag.meaning ~= '' and '  ' .. tag.meaning or '')
end

local function tags(client, all)
  -- In the order of the tree where nothing is typed, else the best match first.
  local function matching(text)
    if vim.trim(text) == '' then
      return all
    end
    return vim.fn.matchfuzzy(all, text, {
      text_cb = function(tag)
        return tag.tag .. ' ' .. tag.meaning
      end,
    })
  end
  local function members(tag, done)
    server.ask(client, 'guanxi.list', { tags = { tag.tag } }, done)
  end
  return {
    prompt = 'Tags',
    results = 'Tags',
    search = function(text, done)
      done(matching(text))
    end,
    search_now = matching,
    words = tag_words,
    key = function(tag)
      return tag.tag
    end,
    preview = function(tag, done)
      members(tag, function(found)
        done(#found > 0 and vim.tbl_map(M.words, found) or { 'nobody has this tag' })
      end)
    end,
    open = function(tag)
      members(tag, function(found)
        require('guanxi.lenses').people(client, '#' .. tag.tag, found)
      end)
    end,
  }
end

-- Which picker shows them.
function M.picker()
  local chosen = settings.get().picker
  if chosen ~= 'auto' then
    return chosen
  end
  if pcall(require, 'telescope') then
    return 'telescope'
  end
  return pcall(require, 'fzf-lua') and 'fzf-lua' or 'window'
end

local function choose(source, text)
  local module = ({ telescope = 'telescope', ['fzf-lua'] = 'fzf' })[M.picker()] or 'window'
  require('guanxi.pick.' .. module).choose(source, text)
end

-- Lets the person search, beginning with this text, and opens whom they choose.
function M.people(client, text)
  if M.picker() == 'select' then
    return M.select(client, text)
  end
  choose(people(client), text)
end

-- Lets the person choose a tag, with who has it beside the list, and lists its contacts.
function M.tags(client)
  server.ask(client, 'guanxi.tags', { tree = true }, function(all)
    local source = tags(client, all)
    if M.picker() ~= 'select' then
      return choose(source, '')
    end
    vim.ui.select(all, { prompt = source.prompt, kind = 'guanxi', format_item = source.words }, function(tag)
      if tag then
        source.open(tag)
      end
    end)
  end)
end

-- One question, one list.
function M.select(client, text)
  if vim.trim(text) == '' then
    return vim.ui.input({ prompt = 'Find: ' }, function(typed)
      if typed and vim.trim(typed) ~= '' then
        M.select(client, typed)
      end
    end)
  end
  M.search(client, text, function(found)
    M.among(client, ('%d found for %s'):format(#found, text), found)
  end)
end

-- Lets the person choose among these, and opens who is chosen, or does with them what `done` says.
function M.among(client, prompt, found, done)
  if #found == 0 then
    return server.say('nobody found')
  end
  vim.ui.select(found, { prompt = prompt, kind = 'guanxi', format_item = M.words }, function(person)
    if person and done then
      done(person)
    elseif person then
      server.open(client, person.uri)
    end
  end)
end

return M
