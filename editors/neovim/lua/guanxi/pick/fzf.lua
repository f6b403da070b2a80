-- The picker in fzf-lua: whatever is typed there is asked of the source. In front of each line stands, unseen, the key of the entry.

local M = {}

-- Lets the person choose from a source: see guanxi.pick.
function M.choose(source, text)
  local fzf = require('fzf-lua')
  -- By key, of every answer so far: fzf may still show lines of the text before.
  local known = {}

  local function lines(typed)
    -- Older versions give the text, newer ones a list that begins with it.
    typed = type(typed) == 'table' and typed[1] or typed or ''
    return vim.tbl_map(function(item)
      known[source.key(item)] = item
      return source.key(item) .. '\t' .. source.words(item)
    end, source.search_now(typed))
  end

  local function entry(line)
    return line and known[line:match('^[^\t]+')]
  end

  local previewer
  if source.preview then
    previewer = require('fzf-lua.previewer.builtin').base:extend()
    function previewer:populate_preview_buf(line)
      local item = entry(line)
      local buffer = self:get_tmp_buffer()
      self:set_preview_buf(buffer)
      if item then
        source.preview(item, function(text_lines)
          if vim.api.nvim_buf_is_valid(buffer) then
            vim.api.nvim_buf_set_lines(buffer, 0, -1, false, text_lines)
          end
        end)
      end
    end
  end

  fzf.fzf_live(lines, {
    prompt = source.prompt .. '> ',
    query = text,
    exec_empty_query = true,
    previewer = previewer and { _ctor = function()
      return previewer
    end },
    fzf_opts = { ['--delimiter'] = '\t', ['--with-nth'] = '2..' },
    actions = {
      default = function(selected)
        local item = entry(selected and selected[1])
        if item then
          source.open(item)
        end
      end,
    },
  })
end

return M
