-- :checkhealth guanxi

local M = {}

function M.check()
  local health = vim.health
  health.start('guanxi')
  if vim.fn.has('nvim-0.11') == 0 then
    return health.error('Neovim is older than 0.11', { 'Install Neovim 0.11 or later.' })
  end
  health.ok('Neovim ' .. tostring(vim.version()))

  local settings = require('guanxi.settings')
  local faults = settings.faults()
  for _, fault in ipairs(faults) do
    health.error('vim.g.guanxi: ' .. fault, { 'See :help guanxi-settings' })
  end
  if #faults == 0 then
    health.ok('The settings are understood')
  end

  local server = require('guanxi.server')
  local config = vim.lsp.config.guanxi
  local cmd = config and config.cmd
  if not server.installed() then
    health.error('The server is missing: ' .. server.missing())
  elseif type(cmd) == 'table' then
    local done, result = pcall(function()
      return vim.system({ cmd[1], '--version' }, { text = true }):wait(5000)
    end)
    if done and result.code == 0 then
      health.ok(('%s: %s'):format(vim.fn.exepath(cmd[1]), vim.trim(result.stdout)))
    else
      health.error(cmd[1] .. ' does not answer `--version`', { 'Run it in a terminal to see why.' })
    end
  end

  local clients = vim.lsp.get_clients({ name = 'guanxi' })
  for _, client in ipairs(clients) do
    health.ok('Serves ' .. client.root_dir)
  end
  if #clients == 0 then
    local root = vim.fs.root(vim.fn.getcwd(), 'guanxi.yaml')
    if root then
      health.info(root .. ' is a vault: the server starts when you open one of its Markdown files')
    else
      health.info('No vault is open: it is a folder with guanxi.yaml, and `guanxi init people` makes one')
    end
  end
  if vim.fn.exists('g:loaded_guanxi') == 0 or not vim.lsp.is_enabled('guanxi') then
    health.warn('The server is not enabled', { "vim.lsp.enable('guanxi')" })
  end
  health.info('Picker: ' .. require('guanxi.pick').picker())
end

return M
