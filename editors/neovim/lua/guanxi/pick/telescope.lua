-- The picker in telescope.nvim: whatever is typed there is asked of the source.

local M = {}

-- Lets the person choose from a source: see guanxi.pick.
function M.choose(source, text)
  local actions = require('telescope.actions')
  local chosen = require('telescope.actions.state')
  local config = require('telescope.config').values

  local function entry(item)
    local words = source.words(item)
    return { value = item, display = words, ordinal = words, filename = source.file and source.file(item), lnum = 1 }
  end

  local function previewer()
    if source.file then
      return config.file_previewer({})
    end
    return require('telescope.previewers').new_buffer_previewer({
      title = source.results,
      define_preview = function(self, shown)
        source.preview(shown.value, function(lines)
          if vim.api.nvim_buf_is_valid(self.state.bufnr) then
            vim.api.nvim_buf_set_lines(self.state.bufnr, 0, -1, false, lines)
          end
        end)
      end,
    })
  end

  require('telescope.pickers')
    .new({ default_text = text }, {
      prompt_title = source.prompt,
      results_title = source.results,
      finder = require('telescope.finders').new_dynamic({
        fn = function(typed)
          return source.search_now(typed or '')
        end,
        entry_maker = entry,
      }),
      previewer = previewer(),
      -- The order is the source's: the best first.
      sorter = require('telescope.sorters').empty(),
      attach_mappings = function(prompt)
        actions.select_default:replace(function()
          local selected = chosen.get_selected_entry()
          actions.close(prompt)
          if selected then
            source.open(selected.value)
          end
        end)
        return true
      end,
    })
    :find()
end

return M
