-- The command :Guanxi. Each of its words is one entry of a table here: what it does, and what it takes.

local broadcast = require('guanxi.broadcast')
local pick = require('guanxi.pick')
local server = require('guanxi.server')

local counted = server.counted

local M = {}

local function joined(words, from)
  return table.concat(words, ' ', from or 1)
end

-- Asks for what was not given; nothing happens where nothing is answered.
local function given(value, prompt, done)
  if value and vim.trim(value) ~= '' then
    return done(value)
  end
  vim.ui.input({ prompt = prompt }, function(typed)
    if typed and vim.trim(typed) ~= '' then
      done(typed)
    end
  end)
end

-- What cannot be taken back with `u` alone is done only when that is agreed to.
local function agreed(question, done)
  vim.ui.select({ 'No', 'Yes' }, { prompt = question, kind = 'guanxi' }, function(answer)
    if answer == 'Yes' then
      done()
    end
  end)
end

-- Puts a tag on people, or takes it off: on those of a query, or on the file in front of you.
local function retag(add)
  return function(client, words)
    given(words[1], add and 'Tag: ' or 'Tag to take off: ', function(tag)
      local query = joined(words, 2)
      local arguments = { tag = tag }
      if query ~= '' then
        arguments.query = query
      else
        arguments.uri = vim.uri_from_bufnr(0)
      end
      local command = add and 'guanxi.tag.add' or 'guanxi.tag.remove'
      server.ask(client, command, arguments, function(answer)
        local did = (add and '#%s put on %s' or '#%s taken off %s'):format((tag:gsub('^#', '')), counted(#answer.changed, 'contact'))
        if #answer.unchanged > 0 then
          did = did .. (add and ', %d had it' or ', %d did not have it'):format(#answer.unchanged)
        end
        server.say(did .. (#answer.changed > 0 and server.unsaved(client) or ''))
        for _, refused in ipairs(answer.refused) do
          server.fail(refused.path .. ': ' .. refused.message)
        end
      end)
    end)
  end
end

local function rename(client, words)
  given(words[1], 'Tag to rename: ', function(old)
    given(words[2], ('Rename %s to: '):format(old), function(new)
      local function go(merge)
        server.ask(client, 'guanxi.tag.rename', { old = old, new = new, merge = merge }, function(answer)
          server.say(('renamed in %s'):format(counted(#answer.changed, 'file')) .. server.unsaved(client))
          for _, note in ipairs(answer.notes) do
            server.say(note)
          end
        end)
      end
      server.ask(client, 'guanxi.tags', { tree = true }, function(tags)
        for _, one in ipairs(tags) do
          if one.tag == new:gsub('^#', '') then
            local question = ('There is #%s already, on %s. Make the two one?'):format(one.tag, counted(one.total, 'contact'))
            return agreed(question, function()
              go(true)
            end)
          end
        end
        go(false)
      end)
    end)
  end)
end

local function merge(client, words)
  local function needs()
    server.fail('name both files: `:Guanxi merge contacts/who-stays.md contacts/who-goes.md`')
  end
  local keep, other = words[1], words[2]
  if not keep then
    return needs()
  end
  -- With one file named, the one in front of you stays.
  if not other then
    keep, other = vim.uri_from_bufnr(0), keep
  end
  local shown = keep:find('://', 1, true) and vim.fn.fnamemodify(vim.uri_to_fname(keep), ':t') or keep
  local question = ('What %s says goes into %s, links follow, the changed files are written, and %s is deleted. Do it?')
    :format(other, shown, other)
  agreed(question, function()
    local both = { keep = keep, other = other, quiet = true }
    server.ask(client, 'guanxi.contact.merge', both, function(answer)
      for _, path in ipairs(answer.changed) do
        local buffer = vim.fn.bufnr(vim.fs.joinpath(client.root_dir, path))
        if buffer ~= -1 then
          vim.api.nvim_buf_call(buffer, function()
            vim.cmd('silent update')
          end)
        end
      end
      -- The server looks whether everything is on disk.
      server.ask(client, 'guanxi.contact.merge', vim.tbl_extend('force', both, { delete = true }), function()
        server.say(('%s is part of %s now'):format(answer.other, answer.kept))
        for _, note in ipairs(answer.notes) do
          server.say(note)
        end
      end)
    end)
  end)
end

-- Words that begin with # are tags, the others the name.
local function new(client, words)
  given(joined(words), 'Name: ', function(text)
    local names, chosen = {}, {}
    for word in text:gmatch('%S+') do
      table.insert(vim.startswith(word, '#') and #word > 1 and chosen or names, word)
    end
    server.ask(client, 'guanxi.new', { alias = joined(names), tags = chosen }, function(answer)
      server.say(answer.path .. ' is new (`:w` writes it)')
    end)
  end)
end

local function on_broadcast(run)
  return function(client, words)
    broadcast.which(client, words[1], function(uri)
      run(client, uri)
    end)
  end
end

-- Each word, with those that may follow it. `takes` names what completes behind it: see guanxi.complete.
M.commands = {
  find = {
    takes = { 'people' },
    run = function(client, words)
      if #words == 0 or pick.picker() == 'select' then
        return pick.people(client, joined(words))
      end
      -- Who is found alone is opened at once.
      pick.search(client, joined(words), function(found)
        if #found == 1 then
          return server.open(client, found[1].uri)
        elseif #found == 0 then
          return server.say('nobody found')
        end
        pick.people(client, joined(words))
      end)
    end,
  },
  list = {
    takes = { 'query' },
    run = function(client, words)
      given(joined(words), 'Query: ', function(query)
        server.ask(client, 'guanxi.list', { query = query }, function(people)
          require('guanxi.lenses').people(client, query, people)
        end)
      end)
    end,
  },
  show = {
    takes = { 'people' },
    run = function(client, words)
      require('guanxi.card').run(client, words)
    end,
  },
  check = {
    run = function(client)
      require('guanxi.check').run(client)
    end,
  },
  tags = { run = pick.tags },
  new = { takes = { 'new' }, run = new },
  tag = {
    words = {
      add = { takes = { 'tag', 'query' }, run = retag(true) },
      remove = { takes = { 'tag', 'query' }, run = retag(false) },
      rename = { takes = { 'tag', 'tag' }, run = rename },
    },
  },
  broadcast = {
    words = {
      list = { takes = { 'broadcast' }, run = on_broadcast(broadcast.list) },
      refresh = { takes = { 'broadcast' }, run = on_broadcast(broadcast.refresh) },
      preview = {
        takes = { 'broadcast' },
        run = on_broadcast(function(client, uri)
          require('guanxi.preview').open(client, uri)
        end),
      },
    },
  },
  merge = { takes = { 'path', 'path' }, run = merge },
  lens = {
    run = function()
      vim.lsp.codelens.run()
    end,
  },
}

-- Runs what was typed behind :Guanxi.
function M.run(words)
  local commands, said = M.commands, {}
  words = vim.deepcopy(words)
  while true do
    local word = table.remove(words, 1)
    local known = vim.fn.sort(vim.tbl_keys(commands))
    if not word then
      return vim.ui.select(known, { prompt = 'Guanxi ' .. joined(said), kind = 'guanxi' }, function(chosen)
        if chosen then
          M.run(vim.list_extend(vim.deepcopy(said), { chosen }))
        end
      end)
    end
    local command = commands[word]
    if not command then
      local before = #said > 0 and joined(said) .. ' ' or ''
      return server.fail(('there is no `:Guanxi %s%s`: %s'):format(before, word, table.concat(known, ', ')))
    end
    table.insert(said, word)
    if command.run then
      return server.reach(function(client)
        command.run(client, words)
      end)
    end
    commands = command.words
  end
end

return M
