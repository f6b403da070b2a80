-- Windows that show an answer: a split beside the text, which nobody writes in and `q` closes.

local M = {}
local space = vim.api.nvim_create_namespace('guanxi')

-- Shows the window of that name, made where it is not there yet; the cursor goes there. Gives the buffer.
function M.open(client, name, keys)
  local buffer = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?{}\\^$') .. '$')
  if buffer < 0 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, name)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].swapfile = false
  end
  vim.b[buffer].guanxi_client = client.id
  local window = vim.fn.win_findbuf(buffer)[1]
  if window then
    vim.api.nvim_set_current_win(window)
  else
    -- Beside the text where there is room for both, else below it.
    vim.cmd(vim.o.columns >= 120 and 'botright vsplit' or 'botright split')
    vim.api.nvim_win_set_buf(0, buffer)
    vim.wo[0][0].number = false
    vim.wo[0][0].relativenumber = false
    vim.wo[0][0].signcolumn = 'no'
    vim.wo[0][0].wrap = true
    vim.wo[0][0].linebreak = true
  end
  keys = vim.tbl_extend('keep', keys or {}, {
    q = function()
      vim.cmd.close()
    end,
  })
  for key, run in pairs(keys) do
    vim.keymap.set('n', key, run, { buffer = buffer, nowait = true })
  end
  return buffer
end

-- Puts lines into it. `colours` are highlight groups by line number.
function M.fill(buffer, lines, colours)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  vim.api.nvim_buf_clear_namespace(buffer, space, 0, -1)
  for number, colour in pairs(colours or {}) do
    vim.api.nvim_buf_set_extmark(buffer, space, number - 1, 0, { line_hl_group = colour })
  end
end

-- What stands above it.
function M.head(buffer, text)
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    vim.wo[window][0].winbar = text:gsub('%%', '%%%%')
  end
end

return M
