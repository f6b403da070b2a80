-- A picker of our own: a line to type in, below it what that finds, at every letter, and beside that a preview where the source has one.

local pick = require('guanxi.pick')

local M = {}
local space = vim.api.nvim_create_namespace('guanxi.pick')

-- The width of the whole picker.
local function width_of_all()
  return math.min(100, vim.o.columns - 6)
end

-- A window of the picker: so many columns of it, beginning at this one.
local function float(height, row, focus, title, column, width)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  local window = vim.api.nvim_open_win(buffer, focus, {
    relative = 'editor',
    row = row,
    col = math.floor((vim.o.columns - width_of_all()) / 2) - 1 + column,
    width = width,
    height = height,
    style = 'minimal',
    border = 'rounded',
    title = title,
    focusable = focus,
  })
  vim.wo[window].wrap = false
  return buffer, window
end

-- Lets the person choose from a source: see guanxi.pick.
function M.choose(source, text)
  local origin = vim.api.nvim_get_current_win()
  local height = math.max(3, math.min(15, vim.o.lines - 10))
  local all = width_of_all()
  -- Two borders lie between the list and the preview.
  local left = source.preview and math.floor((all - 2) / 2) or all
  local results, below = float(height, 4, false, nil, 0, left)
  local preview, beside
  if source.preview then
    preview, beside = float(height, 4, false, nil, left + 2, all - left - 2)
  end
  local input, above = float(1, 1, true, (' %s '):format(source.prompt), 0, all)
  vim.wo[below].cursorline = true
  vim.wo[below].winhighlight = 'CursorLine:PmenuSel'
  local entries, asked, closed = {}, 0, false

  local function close()
    if closed then
      return
    end
    closed = true
    vim.cmd.stopinsert()
    for _, window in ipairs({ above, below, beside }) do
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
    end
    if vim.api.nvim_win_is_valid(origin) then
      vim.api.nvim_set_current_win(origin)
    end
  end

  -- What was chosen last; nothing where nothing was found.
  local function current()
    return entries[vim.api.nvim_win_get_cursor(below)[1]]
  end

  local function show_preview()
    if not preview then
      return
    end
    local entry = current()
    if not entry then
      return vim.api.nvim_buf_set_lines(preview, 0, -1, false, {})
    end
    source.preview(entry, function(lines)
      -- Meanwhile another one may be chosen.
      if not closed and current() == entry then
        vim.api.nvim_buf_set_lines(preview, 0, -1, false, lines)
      end
    end)
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
    show_preview()
  end

  local function search()
    asked = asked + 1
    local number = asked
    local function is_last()
      return number == asked and not closed
    end
    source.search(vim.api.nvim_buf_get_lines(input, 0, 1, false)[1], function(found)
      if is_last() then
        entries = found
        show(vim.tbl_map(source.words, found), #found == pick.limit and 'the first ' .. #found or tostring(#found))
      end
    end, function(words)
      -- A query that is half typed is no mistake: what was found stays, and the window says what is expected.
      if is_last() then
        vim.api.nvim_win_set_config(below, { title = ' ' .. words:gsub('\n', ' ') .. ' ', title_pos = 'right' })
      end
    end)
  end

  local function move(steps)
    return function()
      if #entries > 0 then
        local row = vim.api.nvim_win_get_cursor(below)[1]
        vim.api.nvim_win_set_cursor(below, { (row - 1 + steps) % #entries + 1, 0 })
        show_preview()
      end
    end
  end

  local function choose()
    local entry = current()
    close()
    if entry then
      source.open(entry)
    end
  end

  local function to_quickfix()
    local title = vim.api.nvim_buf_get_lines(input, 0, 1, false)[1]
    local found = entries
    close()
    source.list(found, title)
  end

  local keys = {
    ['<Esc>'] = close,
    ['<C-c>'] = close,
    ['<CR>'] = choose,
    ['<Down>'] = move(1),
    ['<C-n>'] = move(1),
    ['<Up>'] = move(-1),
    ['<C-p>'] = move(-1),
    ['<C-q>'] = source.list and to_quickfix or nil,
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
