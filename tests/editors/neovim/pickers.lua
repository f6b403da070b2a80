-- The pickers of others: telescope.nvim (with plenary.nvim) and fzf-lua, each where it is in the folder that `~/pickers` names.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local harness = require('harness')
local folder = vim.fn.readfile(vim.env.HOME .. '/pickers')[1]

-- Any window shows this text.
local any = [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    if table.concat(lines, '\n'):find(..., 1, true) then return true end
  end]]

local function with(picker, plugins, typed, seen)
  local arguments = {}
  for _, plugin in ipairs(plugins) do
    if vim.fn.isdirectory(folder .. '/' .. plugin) == 0 then
      return print('SKIPPED: ' .. plugin .. ' is not installed')
    end
    vim.list_extend(arguments, { '--cmd', 'set runtimepath^=' .. folder .. '/' .. plugin })
  end
  local nvim = harness.start(vim.list_extend(arguments, { 'README.md' }))
  nvim:served()
  nvim:holds(picker .. ' is taken', nvim:lua([[return require('guanxi.pick').picker()]]) == picker)
  nvim:keys(':Guanxi find<CR>')
  nvim:until_mode('it waits', typed)
  nvim:keys('wangxm')
  nvim:wait('he is found as it is typed', seen)
  nvim:keys('<CR>')
  nvim:wait('his file is open', [[return vim.fn.expand('%:t') == 'kittykat123.md']])
  nvim:keys(':Guanxi tags<CR>')
  nvim:until_mode('it waits', typed)
  nvim:keys('classm')
  nvim:wait('the tag is found by its meaning', any, '老同学  ')
  nvim:wait('who has it stands beside', any, 'Yusuf Karadenli')
  nvim:keys('<CR>')
  nvim:wait('Enter lists who has it', [[
    local list = vim.fn.getqflist({ title = 1, items = 1 })
    return vim.bo.buftype == 'quickfix' and list.title == '#老同学' and #list.items > 1]])
  nvim:leave()
end

local shown = [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
    if lines:find('Wang Xiaoming · 王小明 · Panda Lighting', 1, true) and not lines:find('Ada Thornquist', 1, true) then
      return true
    end
  end]]
with('telescope', { 'plenary.nvim', 'telescope.nvim' }, 'i', shown)
with('fzf-lua', { 'fzf-lua' }, 't', shown)
