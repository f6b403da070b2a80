-- What a lens does when it is chosen: places and people go to the quickfix list, recipients and messages to a window of their own.

local server = require('guanxi.server')

local M = {}

-- The client, the arguments and the buffer of a command that a lens carries. Choosing takes the lenses of the line away: they are
-- drawn anew.
local function chosen(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  require('guanxi.attach').refresh()
  return client, (command.arguments or {})[1] or {}, context.bufnr
end

-- Fills the quickfix list and shows it. A single place is shown itself.
function M.quickfix(client, title, entries)
  if #entries == 0 then
    return server.say('nothing there')
  end
  local items = vim.lsp.util.locations_to_items(entries, client.offset_encoding)
  for number, item in ipairs(items) do
    item.text = item.user_data.text or item.text
    items[number] = item
  end
  if #items == 1 then
    return server.open(client, entries[1].uri, entries[1].range)
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
  vim.cmd('botright copen')
end

-- People, each with the first line of their file.
function M.people(client, title, people)
  local zero = { line = 0, character = 0 }
  local function place(person)
    return { uri = person.uri, range = { start = zero, ['end'] = zero }, text = require('guanxi.pick').words(person) }
  end
  M.quickfix(client, title, vim.tbl_map(place, people))
end

function M.show(command, context)
  local client, arguments, buffer = chosen(command, context)
  -- The places are listed here: without this the server would also show the first of them.
  local listed = vim.tbl_extend('force', arguments, { show = false })
  server.ask(client, 'guanxi.show', listed, function(places)
    M.quickfix(client, command.title or 'guanxi', places)
  end, buffer)
end

function M.list(command, context)
  local client, arguments, buffer = chosen(command, context)
  server.ask(client, 'guanxi.list', arguments, function(people)
    -- With `insert` the answer is an edit, which is made by now.
    if not arguments.insert and type(people) == 'table' then
      M.people(client, arguments.query or 'guanxi', people)
    end
  end, buffer)
end

function M.recipients(command, context)
  local client, arguments, buffer = chosen(command, context)
  if arguments.write then
    require('guanxi.broadcast').refresh(client, arguments.uri, buffer)
  elseif arguments.uri and not arguments.query then
    require('guanxi.broadcast').list(client, arguments.uri, buffer)
  else
    server.ask(client, command.command, arguments, nil, buffer)
  end
end

function M.preview(command, context)
  local client, arguments, buffer = chosen(command, context)
  require('guanxi.preview').open(client, arguments.uri, arguments['for'], buffer)
end

return M
