-- Completion by nvim-cmp and by blink.cmp, with the lines that docs/neovim.md gives: each where it is in the folder that `~/pickers` names.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local harness = require('harness')
local folder = vim.fn.readfile(vim.env.HOME .. '/pickers')[1]

-- Labels with what stands beside them, and the floating windows, as text.
local menu = [[
  local seen = {}
  if package.loaded.cmp then
    local cmp = require('cmp')
    for _, entry in ipairs(cmp.visible() and cmp.get_entries() or {}) do
      table.insert(seen, entry.completion_item.label)
    end
  elseif require('blink.cmp').is_menu_visible() then
    for _, item in ipairs(require('blink.cmp.completion.list').items) do
      table.insert(seen, item.label)
    end
  end
  table.insert(seen, '')
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      vim.list_extend(seen, vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, 20, false))
    end
  end
  return table.concat(seen, '\n')]]

local function with(plugins, settings, choose)
  local packages = vim.env.HOME .. '/.local/share/nvim/site/pack/others/start'
  vim.fn.delete(packages, 'rf')
  vim.fn.mkdir(packages, 'p')
  for _, plugin in ipairs(plugins) do
    if vim.fn.isdirectory(folder .. '/' .. plugin) == 0 then
      return print('SKIPPED: ' .. plugin .. ' is not installed')
    end
    vim.uv.fs_symlink(folder .. '/' .. plugin, packages .. '/' .. plugin)
  end
  local nvim
  -- Types this in insert mode, as a person does, letter by letter; the first entry is this, and these words are shown beside the list.
  local function completes(before, letters, first, shown, line)
    nvim = harness.start({ '-u', vim.env.HOME .. '/' .. settings, before.file })
    nvim:served()
    nvim:keys(before.keys)
    nvim:until_mode('inserting', 'i')
    for letter in letters:gmatch('[%z\1-\127\194-\244][\128-\191]*') do
      nvim:keys(letter)
      vim.wait(60)
    end
    nvim:wait(letters .. ' → ' .. first, 'local seen = (function()' .. menu .. [[ end)()
      local first, shown = ...
      return vim.startswith(seen, first .. '\n') and seen:find(shown, 1, true) and vim.fn.pumvisible() == 0]], first, shown)
    nvim:keys(choose)
    nvim:wait('it is written: ' .. line, [[return vim.api.nvim_get_current_line() == ...]], line)
    nvim:leave()
  end
  local contact = 'contacts/clients/kittykat123.md'
  local tags = { file = contact, keys = '/^tags:<CR>f]i,' }
  completes(tags, ' ', 'boston', '6 · Boston and Cambridge', 'tags: [lead, new-york, event/ces-2026, boston]')
  completes(tags, ' bost', 'boston', 'new tag', 'tags: [lead, new-york, event/ces-2026, boston]')
  completes(tags, ' mus', 'client/museum', 'none so far', 'tags: [lead, new-york, event/ces-2026, client/museum]')
  completes(tags, ' tongx', '老同学', 'Classmates', 'tags: [lead, new-york, event/ces-2026, 老同学]')
  completes({ file = contact, keys = 'Go' }, '[[wxm', 'Wang Xiaoming', 'Panda Lighting', '[[Wang Xiaoming]]')
  completes({ file = contact, keys = 'Go' }, '[[王', 'Wang Xiaoming', 'Panda Lighting', '[[Wang Xiaoming]]')
  completes({ file = contact, keys = '/^org<CR>O' }, 'wei', 'weibo', 'Weibo name', 'weibo: ')
  completes({ file = 'broadcasts/autumn-catalogue.md', keys = 'gg/^to:<CR>f"ci"#lead' }, ' #ne', '#new-york', 'The five boroughs', 'to: "#lead #new-york"')
end

with({ 'nvim-cmp', 'cmp-nvim-lsp' }, 'nvim-cmp.lua', '<C-n><C-y>')
with({ 'blink.cmp' }, 'blink.cmp.lua', '<C-y>')
