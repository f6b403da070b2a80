-- A picker of our own: a line to type in, and below it whom that finds, at every letter.

local pick = require('guanxi.pick')
local server = require('guanxi.server')

local M = {}
local space = vim.api.nvim_create_namespace('guanxi.pick')

local function float(height, row, focus, title)
  local width = math.min(100, vim.o.columns - 6)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  local window = vim.api.nvim_open_win(buffer, focus, {
    relative = 'editor',
    row = row,
    col = math.floor((vim.o.columns - width) / 2) - 1,
    width = width,
    height = height,
    style = 'minimal',
    border = 'rounded',
    title = title,
    focusable = focus,
  })
  return buffer, window
end

function M.people(client, text)
  local origin = vim.api.nvim_get_current_win()
  local height = math.max(3, math.min(15, vim.o.lines - 10))
  local results, below = float(height, 4, false, nil)
  local input, above = float(1, 1, true, ' Find ')
  vim.wo[below].cursorline = true
  vim.wo[below].winhighlight = 'CursorLine:PmenuSel'
  local people, asked, closed = {}, 0, false

  local function close()
    if closed then
      return
    end
    closed = true
    vim.cmd.stopinsert()
    for _, window in ipairs({ above, below }) do
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
    end
    if vim.api.nvim_win_is_valid(origin) then
      vim.api.nvim_set_current_win(origin)
    end
  end

  local function show(lines, title)
    vim.api.nvim_buf_set_lines(results, 0, -1, false, lines)
    vim.api.nvim_buf_clear_namespace(results, space, 0, -1)
    for row, line in ipairs(lines) do
      local at = line:find('  #', 1, true)
      if at then
        vim.api.nvim_buf_set_extmark(results, space, row - 1, at, { end_col = #line, hl_group = 'Comment' })
      end
    end
    vim.api.nvim_win_set_cursor(below, { 1, 0 })
    vim.api.nvim_win_set_config(below, { title = ' ' .. title .. ' ', title_pos = 'right' })
  end

  local function search()
    asked = asked + 1
    local number = asked
    local function current()
      return number == asked and not closed
    end
    pick.search(client, vim.api.nvim_buf_get_lines(input, 0, 1, false)[1], function(found)
      if current() then
        people = found
        show(vim.tbl_map(pick.words, found), #found == pick.limit and 'the first ' .. #found or tostring(#found))
      end
    end, function(words)
      -- A query that is half typed is no mistake: what was found stays, and the window says what is expected.
      if current() then
        vim.api.nvim_win_set_config(below, { title = ' ' .. words:gsub('\n', ' ') .. ' ', title_pos = 'right' })
      end
    end)
  end

  local function move(steps)
    return function()
      if #people > 0 then
        local row = vim.api.nvim_win_get_cursor(below)[1]
        vim.api.nvim_win_set_cursor(below, { (row - 1 + steps) % #people + 1, 0 })
      end
    end
  end

  local function choose()
    local person = people[vim.api.nvim_win_get_cursor(below)[1]]
    close()
    if person then
      server.open(client, person.uri)
    end
  end

  local function to_quickfix()
    local title = vim.api.nvim_buf_get_lines(input, 0, 1, false)[1]
    local found = people
    close()
    require('guanxi.lenses').people(client, title, found)
  end

  local keys = {
    ['<Esc>'] = close,
    ['<C-c>'] = close,
    ['<CR>'] = choose,
    ['<Down>'] = move(1),
    ['<C-n>'] = move(1),
    ['<Up>'] = move(-1),
    ['<C-p>'] = move(-1),
    ['<C-q>'] = to_quickfix,
  }
  for key, run in pairs(keys) do
    vim.keymap.set({ 'i', 'n' }, key, run, { buffer = input, nowait = true })
  end
  vim.api.nvim_create_autocmd({ 'TextChangedI', 'TextChanged' }, { buffer = input, callback = search })
  vim.api.nvim_create_autocmd('WinLeave', { buffer = input, once = true, callback = vim.schedule_wrap(close) })
  vim.api.nvim_buf_set_lines(input, 0, -1, false, { text })
  vim.cmd('startinsert!')
  search()
end

return M
