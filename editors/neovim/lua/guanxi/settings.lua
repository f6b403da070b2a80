-- The settings: vim.g.guanxi over what stands here. They are read when they are needed, so they may change at any time.

local M = {}

M.defaults = {
  -- How the server is started.
  cmd = { 'guanxi', 'lsp' },
  -- Completion comes while you type.
  completion = true,
  -- Who links here, whom a broadcast reaches: behind the line it is about.
  lenses = true,
  -- Behind each tag how many carry it.
  hints = true,
  -- What shows people to choose from: 'auto', 'telescope', 'fzf-lua', 'window' (our own) or 'select' (vim.ui.select).
  picker = 'auto',
}

M.pickers = { 'auto', 'telescope', 'fzf-lua', 'window', 'select' }

function M.get()
  local given = vim.g.guanxi
  return vim.tbl_extend('force', M.defaults, type(given) == 'table' and given or {})
end

-- What is wrong with the settings, in sentences.
function M.faults()
  local given = vim.g.guanxi
  if given == nil then
    return {}
  end
  if type(given) ~= 'table' then
    return { 'vim.g.guanxi must be a table, such as { hints = false }' }
  end
  local faults = {}
  for name, value in vim.spairs(given) do
    local default = M.defaults[name]
    if default == nil then
      local known = table.concat(vim.fn.sort(vim.tbl_keys(M.defaults)), ', ')
      table.insert(faults, ('there is no setting `%s`: known are %s'):format(name, known))
    elseif name == 'picker' and not vim.list_contains(M.pickers, value) then
      local known = table.concat(M.pickers, ', ')
      table.insert(faults, ('`picker` is %s: it may be %s'):format(vim.inspect(value), known))
    elseif type(value) ~= type(default) then
      local example = vim.inspect(default)
      table.insert(faults, ('`%s` is a %s: it should look like %s'):format(name, type(value), example))
    end
  end
  return faults
end

return M
