-- The picker in telescope.nvim: whatever is typed there is asked of the server.

local pick = require('guanxi.pick')
local server = require('guanxi.server')

local M = {}

function M.people(client, text)
  local actions = require('telescope.actions')
  local chosen = require('telescope.actions.state')
  local config = require('telescope.config').values

  local function entry(person)
    local words = pick.words(person)
    return { value = person, display = words, ordinal = words, filename = vim.uri_to_fname(person.uri), lnum = 1 }
  end

  require('telescope.pickers')
    .new({ default_text = text }, {
      prompt_title = 'Find',
      results_title = 'People',
      finder = require('telescope.finders').new_dynamic({
        fn = function(typed)
          return pick.search_now(client, typed or '')
        end,
        entry_maker = entry,
      }),
      previewer = config.file_previewer({}),
      -- The order is the server's: the best first.
      sorter = require('telescope.sorters').empty(),
      attach_mappings = function(prompt)
        actions.select_default:replace(function()
          local person = chosen.get_selected_entry()
          actions.close(prompt)
          if person then
            server.open(client, person.value.uri)
          end
        end)
        return true
      end,
    })
    :find()
end

return M
