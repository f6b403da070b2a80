-- How Neovim starts the language server of guanxi: for Markdown inside a vault, and for the vault's own settings.
-- What you say with vim.lsp.config('guanxi', { … }) goes before what stands here.

local settings = require('guanxi.settings')

return {
  cmd = settings.get().cmd,
  filetypes = { 'markdown', 'yaml' },
  -- A vault is what lies below a guanxi.yaml. Without one nothing starts; other YAML in it is none of ours.
  root_dir = function(buffer, start)
    local root = vim.fs.root(buffer, 'guanxi.yaml')
    local name = vim.fs.basename(vim.api.nvim_buf_get_name(buffer))
    if root and (vim.bo[buffer].filetype ~= 'yaml' or name == 'guanxi.yaml') then
      start(root)
    end
  end,
  workspace_required = true,
  -- What is typed is told at once, for a command may be about any open file: the server takes an edit in faster than anybody types.
  flags = { debounce_text_changes = 0 },
  capabilities = {
    workspace = {
      -- Lenses are drawn anew when another file changes what they say: see the handler below.
      codeLens = { refreshSupport = true },
      -- Edits name the version they are for; guanxi.apply looks at it. So two files of one person can be made one.
      workspaceEdit = { documentChanges = true, resourceOperations = { 'create', 'rename', 'delete' } },
    },
    -- A name in the list of completions shows that person's card beside it: see guanxi.attach.
    textDocument = {
      completion = {
        completionItem = { resolveSupport = { properties = { 'documentation', 'additionalTextEdits', 'command' } } },
      },
    },
  },
  handlers = {
    ['workspace/codeLens/refresh'] = function(_, _, context)
      require('guanxi.server').set_checked(context.client_id)
      require('guanxi.attach').refresh()
      return vim.NIL
    end,
    ['workspace/applyEdit'] = function(_, params, context)
      return require('guanxi.apply').apply(params, context)
    end,
    ['textDocument/rename'] = function(err, edit, context)
      return require('guanxi.apply').rename(err, edit, context)
    end,
  },
  -- What a lens does when it is chosen.
  commands = {
    ['guanxi.show'] = function(command, context)
      require('guanxi.lenses').show(command, context)
    end,
    ['guanxi.list'] = function(command, context)
      require('guanxi.lenses').list(command, context)
    end,
    ['guanxi.broadcast.list'] = function(command, context)
      require('guanxi.lenses').recipients(command, context)
    end,
    ['guanxi.broadcast.preview'] = function(command, context)
      require('guanxi.lenses').preview(command, context)
    end,
  },
}
