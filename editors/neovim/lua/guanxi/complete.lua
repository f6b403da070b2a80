-- What may stand behind :Guanxi, as you type it: its words; tags, people and broadcasts come from the server.

local server = require('guanxi.server')

local M = {}
local sources = {}

local function beginning(words, begun)
  local low = vim.fn.tolower(begun)
  return vim.tbl_filter(function(word)
    return vim.startswith(vim.fn.tolower(word), low)
  end, words)
end

-- A blank inside an argument wants a backslash.
local function escaped(word)
  return (word:gsub(' ', '\\ '))
end

local function tags_of(client)
  return vim.tbl_map(function(one)
    return one.tag
  end, server.ask_now(client, 'guanxi.tags', { tree = true }) or {})
end

function sources.tag(client, word)
  local hash = word:match('^#?')
  return vim.tbl_map(function(tag)
    return hash .. escaped(tag)
  end, beginning(tags_of(client), (word:sub(#hash + 1):gsub('\\ ', ' '))))
end

-- In a query a tag stands behind # and what may come before that: -#lead, (#lead
function sources.query(client, word)
  local before, begun = word:match('^([-!(]*)#?(.*)$')
  local found = {}
  for _, tag in ipairs(beginning(tags_of(client), begun)) do
    table.insert(found, before .. (tag:find('[%s"()|]') and 'tag:"' .. tag .. '"' or '#' .. tag))
  end
  return found
end

-- The names of whom the words find, pinyin and all. What of the name is typed already is not offered again.
function sources.people(client, word, words)
  local text = table.concat(words, ' ')
  local typed = text:sub(1, #text - #word)
  local found = {}
  for _, person in ipairs(server.ask_now(client, 'guanxi.find', { query = text, limit = 20 }) or {}) do
    local name = person.alias or person.path
    if typed == '' then
      table.insert(found, name)
    elseif vim.startswith(vim.fn.tolower(name), vim.fn.tolower(typed)) then
      table.insert(found, name:sub(#typed + 1))
    end
  end
  return found
end

function sources.path(client, word)
  if word == '' then
    return {}
  end
  return vim.tbl_map(function(person)
    return escaped(person.path)
  end, server.ask_now(client, 'guanxi.find', { query = (word:gsub('\\ ', ' ')), limit = 20 }) or {})
end

function sources.broadcast(client, word)
  local all = server.ask_now(client, 'guanxi.list', { query = 'kind:broadcast' }) or {}
  return beginning(
    vim.tbl_map(function(one)
      return escaped(one.path)
    end, all),
    word
  )
end

-- In a new contact's line the words with # are tags.
function sources.new(client, word)
  return vim.startswith(word, '#') and sources.tag(client, word) or {}
end

-- What may stand for the word that the command line ends with.
function M.complete(word, line)
  -- Blanks behind a backslash are part of a word.
  local text = line:gsub('^.-Guanxi%s+', ''):gsub('\\ ', '\1')
  local words = vim.split(text, '%s+')
  words = vim.tbl_map(function(one)
    return (one:gsub('\1', '\\ '))
  end, words)
  local commands = require('guanxi.command').commands
  while #words > 1 do
    local command = commands[table.remove(words, 1)]
    if not command then
      return {}
    elseif command.words then
      commands = command.words
    else
      local takes = command.takes or {}
      -- The last goes on: a query and a name have several words.
      local source = sources[takes[math.min(#words, #takes)]]
      local client = source and server.here()
      return client and source(client, word, words) or {}
    end
  end
  return beginning(vim.fn.sort(vim.tbl_keys(commands)), word)
end

return M
