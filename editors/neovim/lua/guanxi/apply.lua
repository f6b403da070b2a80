-- Edits that the server asks for: all of them or none. Neovim looks only at the version of the first file; half of an edit that makes
-- two contacts one would lose what the other half should have kept.

local M = {}

local server = require('guanxi.server')

-- A command that waits for its edit answers with the reason, and that answer is shown: here it is said only where nobody else does.
local function refuse(client, why)
  why = why .. ': nothing was changed, please try again'
  local is_awaited = vim.iter(pairs(client.requests)):any(function(_, request)
    return request.type == 'pending' and request.method == 'workspace/executeCommand'
  end)
  if not is_awaited then
    server.fail(why)
  end
  return { applied = false, failureReason = why }
end

-- The file whose text went on since the edit was worked out.
local function outdated(edit)
  for _, change in ipairs(edit.documentChanges or {}) do
    local document = change.textDocument
    if document and document.version and document.version ~= vim.NIL then
      local buffer = vim.uri_to_bufnr(document.uri)
      if vim.lsp.util.buf_versions[buffer] ~= document.version then
        return vim.uri_to_fname(document.uri)
      end
    end
  end
end

function M.apply(params, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local edit = params.edit
  local name = outdated(edit)
  if name then
    return refuse(client, name .. ' changed meanwhile')
  end
  local created = {}
  for _, change in ipairs(edit.documentChanges or {}) do
    if change.kind == 'create' then
      -- Neovim would empty a file that is there.
      if vim.uv.fs_stat(vim.uri_to_fname(change.uri)) then
        return refuse(client, vim.uri_to_fname(change.uri) .. ' is there already')
      end
      table.insert(created, change.uri)
    end
  end
  local done, why = pcall(vim.lsp.util.apply_workspace_edit, edit, client.offset_encoding)
  if not done then
    return refuse(client, tostring(why))
  end
  -- A text that ends with its line break leaves an empty line behind in a buffer that was empty.
  for _, uri in ipairs(created) do
    local buffer = vim.uri_to_bufnr(uri)
    local count = vim.api.nvim_buf_line_count(buffer)
    if count > 1 and vim.api.nvim_buf_get_lines(buffer, -2, -1, false)[1] == '' then
      vim.api.nvim_buf_set_lines(buffer, -2, -1, false, {})
    end
  end
  return { applied = true }
end

-- What a rename comes to. Neovim's own handler says nothing of an outdated edit, nor of buffers that wait to be saved.
function M.rename(err, edit, context)
  if err or not edit then
    return server.fail(err and err.message or 'nothing to rename')
  end
  if not M.apply({ edit = edit }, context).applied then
    return
  end
  local files = {}
  for _, change in ipairs(edit.documentChanges or {}) do
    if change.textDocument then
      files[change.textDocument.uri] = true
    end
  end
  local count = vim.tbl_count(files)
  -- A single one is in front of whoever changed it.
  if count > 1 then
    server.say('renamed in ' .. server.counted(count, 'file') .. server.unsaved(assert(vim.lsp.get_client_by_id(context.client_id))))
  end
end

return M
