-- What happens in a buffer when the server begins to serve it: completion as you type, lenses and hints. A setting turns each off.

local settings = require('guanxi.settings')

local M = {}
local group = vim.api.nvim_create_augroup('guanxi.buffers', {})

local function on(events, buffer, run)
  vim.api.nvim_create_autocmd(events, { group = group, buffer = buffer, callback = run })
end

local function completion(client, buffer)
  -- "Keyword" and "Reference" say nothing of tags and people.
  local function plain()
    return { kind = '' }
  end
  vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = true, convert = plain })
  -- With Neovim's own setting the first entry would be written at once. Who has chosen differently keeps it.
  if vim.go.completeopt == vim.api.nvim_get_option_info2('completeopt', {}).default then
    vim.bo[buffer].completeopt = 'menuone,noselect,popup'
  end
  -- Neovim asks by itself only behind the characters that open something, such as [ and #. A word that is begun anew deserves the same.
  local waits = assert(vim.uv.new_timer())
  on('InsertCharPre', buffer, function()
    if vim.fn.pumvisible() == 1 or vim.fn.match(vim.v.char, [[^\k$]]) < 0 or vim.fn.reg_recording() ~= '' then
      return
    end
    waits:start(40, 0, vim.schedule_wrap(function()
      -- `ic` without a list is a list that nothing was left of.
      local inserting = vim.list_contains({ 'i', 'ic' }, vim.api.nvim_get_mode().mode)
      local ours = inserting and vim.api.nvim_get_current_buf() == buffer
      if ours and vim.fn.pumvisible() == 0 and not client:is_stopped() then
        vim.lsp.completion.get()
      end
    end))
  end)
  -- Neovim 0.12 shows by itself what the server says later of an entry.
  if vim.fn.has('nvim-0.12') == 1 then
    return
  end
  -- What the server says later is only this card. Neovim would wait for it before it writes what was chosen, and stumble where Escape is
  -- pressed meanwhile; so it is asked for here alone.
  client.server_capabilities.completionProvider.resolveProvider = false
  on('CompleteChanged', buffer, function()
    local entry = vim.v.event.completed_item
    local about = vim.tbl_get(entry, 'user_data', 'nvim', 'lsp') or {}
    if about.client_id ~= client.id or (entry.info or '') ~= '' then
      return
    end
    client:request('completionItem/resolve', about.completion_item, function(_, item)
      local text = item and item.documentation and (item.documentation.value or item.documentation)
      local now = vim.fn.complete_info({ 'selected', 'items' })
      local there = now.items and now.items[now.selected + 1]
      -- Meanwhile another entry may be chosen, or none.
      if not text or text == '' or not there or there.word ~= entry.word or there.menu ~= entry.menu then
        return
      end
      local window = vim.api.nvim__complete_set(now.selected, { info = text })
      if window.bufnr and vim.api.nvim_buf_is_valid(window.bufnr) then
        vim.bo[window.bufnr].syntax = 'markdown'
        vim.wo[window.winid].conceallevel = 2
      end
    end, buffer)
  end)
end

-- Asks anew for the lenses of every buffer that is shown.
function M.refresh()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'guanxi' })) do
    for buffer in pairs(client.attached_buffers) do
      if vim.b[buffer].guanxi_lenses and #vim.fn.win_findbuf(buffer) > 0 then
        vim.lsp.codelens.refresh({ bufnr = buffer })
      end
    end
  end
end

local function lenses(buffer)
  vim.b[buffer].guanxi_lenses = true
  -- From Neovim 0.12 on.
  if vim.lsp.codelens.enable then
    return vim.lsp.codelens.enable(true, { bufnr = buffer })
  end
  local function refresh()
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
  on({ 'BufEnter', 'TextChanged', 'InsertLeave' }, buffer, refresh)
  refresh()
  -- The key that 0.12 has.
  local free = vim.api.nvim_buf_call(buffer, function()
    return vim.fn.maparg('grx', 'n') == ''
  end)
  if free then
    vim.keymap.set('n', 'grx', vim.lsp.codelens.run, { buffer = buffer, desc = 'Do what a lens of this line offers' })
  end
end

function M.attach(client, buffer)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buffer })
  local chosen = settings.get()
  if chosen.completion then
    completion(client, buffer)
  end
  if chosen.hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if chosen.lenses then
    lenses(buffer)
  end
end

return M
