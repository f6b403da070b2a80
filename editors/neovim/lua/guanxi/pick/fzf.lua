-- The picker in fzf-lua: whatever is typed there is asked of the server. In front of each line stands its file, unseen.

local pick = require('guanxi.pick')
local server = require('guanxi.server')

local M = {}

function M.people(client, text)
  local fzf = require('fzf-lua')

  local function lines(typed)
    -- Older versions give the text, newer ones a list that begins with it.
    typed = type(typed) == 'table' and typed[1] or typed or ''
    return vim.tbl_map(function(person)
      return vim.uri_to_fname(person.uri) .. '\t' .. pick.words(person)
    end, pick.search_now(client, typed))
  end

  fzf.fzf_live(lines, {
    prompt = 'Find> ',
    query = text,
    exec_empty_query = true,
    fzf_opts = { ['--delimiter'] = '\t', ['--with-nth'] = '2..' },
    actions = {
      default = function(selected)
        local file = selected and selected[1] and selected[1]:match('^[^\t]+')
        if file then
          server.open(client, vim.uri_from_fname(file))
        end
      end,
    },
  })
end

return M
