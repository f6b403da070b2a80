-- The problems of the whole vault in the quickfix list. The server publishes them for every file, open or not, so they are those that
-- the buffers show, of unsaved text too.

local server = require('guanxi.server')

local M = {}
local title = 'Guanxi check'

-- By file, then by place; Neovim knows no order of files but that of their buffer numbers.
local function before(one, other)
  local a, b = vim.api.nvim_buf_get_name(one.bufnr), vim.api.nvim_buf_get_name(other.bufnr)
  if a ~= b then
    return a < b
  end
  return one.lnum < other.lnum or one.lnum == other.lnum and one.col < other.col
end

function M.run(client)
  server.when_checked(client, function()
    local problems = vim.diagnostic.get(nil, { namespace = vim.lsp.diagnostic.get_namespace(client.id) })
    for _, problem in ipairs(problems) do
      problem.message = ('%s (%s)'):format(problem.message:gsub('\n', ' '), problem.code)
    end
    local items = vim.diagnostic.toqflist(problems)
    table.sort(items, before)
    -- The same question again replaces its last answer.
    local action = vim.fn.getqflist({ title = 1 }).title == title and 'r' or ' '
    if #items == 0 then
      if action == 'r' then
        vim.fn.setqflist({}, action, { title = title, items = {} })
        vim.cmd.cclose()
      end
      return server.say('no problems found')
    end
    vim.fn.setqflist({}, action, { title = title, items = items })
    vim.cmd('botright copen')
    local files = {}
    for _, item in ipairs(items) do
      files[item.bufnr] = true
    end
    server.say(('%s in %s'):format(server.counted(#items, 'problem'), server.counted(vim.tbl_count(files), 'file')))
  end)
end

return M
