-- The server of the vault that is meant: found among those that run, or started; and how it is asked.

local settings = require('guanxi.settings')

local M = {}

-- "1 file", "2 files"
function M.counted(count, word)
  return ('%d %s%s'):format(count, word, count == 1 and '' or 's')
end

-- A word to the person, below.
function M.say(text, level)
  vim.notify('guanxi: ' .. text, level or vim.log.levels.INFO)
end

function M.fail(text)
  M.say(text, vim.log.levels.ERROR)
end

local function program()
  local config = vim.lsp.config.guanxi
  local cmd = config and config.cmd or settings.get().cmd
  -- A function starts it in a way of its own: nobody can tell beforehand.
  return type(cmd) == 'table' and cmd[1] or nil
end

function M.installed()
  local name = program()
  return name == nil or vim.fn.executable(name) == 1
end

function M.missing()
  local name = program()
  return ('there is no program `%s` on the PATH. Install it with `cargo install --path .` in a clone of guanxi, or say where it is: '):format(name)
    .. "vim.g.guanxi = { cmd = { '/path/to/guanxi', 'lsp' } }"
end

local function clients(filter)
  return vim.lsp.get_clients(vim.tbl_extend('force', { name = 'guanxi' }, filter or {}))
end

-- The folder of the vault around the buffer, else around where Neovim stands.
local function root()
  return vim.fs.root(0, 'guanxi.yaml') or vim.fs.root(vim.fn.getcwd(), 'guanxi.yaml')
end

local function ready(client)
  vim.wait(10000, function()
    return client.initialized or client:is_stopped()
  end, 5)
  return client.initialized and client or nil
end

-- The server that is meant by where the cursor is. Nothing is asked. Where several vaults are open and none is meant, nothing comes.
function M.here()
  local own = vim.lsp.get_client_by_id(vim.b.guanxi_client or -1)
  if own and not own:is_stopped() then
    return ready(own)
  end
  local attached = clients({ bufnr = 0 })[1]
  if attached then
    return ready(attached)
  end
  local folder = root()
  if folder then
    for _, client in ipairs(clients()) do
      if client.root_dir == folder then
        return ready(client)
      end
    end
    if not M.installed() then
      return nil
    end
    local config = vim.deepcopy(vim.lsp.config.guanxi)
    config.root_dir = folder
    local id = vim.lsp.start(config, { attach = false })
    local client = id and vim.lsp.get_client_by_id(id)
    return client and ready(client)
  end
  local all = clients()
  return #all == 1 and ready(all[1]) or nil
end

-- Calls back with the server that is meant; asks which vault where that cannot be known; says what is missing.
function M.reach(done)
  if not M.installed() and #clients() == 0 then
    return M.fail(M.missing())
  end
  local client = M.here()
  if client then
    return done(client)
  end
  if root() then
    return M.fail('the server did not start: `:checkhealth guanxi` and `:LspLog` may say why')
  end
  local all = clients()
  if #all == 0 then
    return M.fail('no vault here. Open a file below a folder that holds guanxi.yaml, or make a vault: `guanxi init people`')
  end
  local function name(one)
    return vim.fn.fnamemodify(one.root_dir, ':~')
  end
  vim.ui.select(all, { prompt = 'Which vault?', kind = 'guanxi', format_item = name }, function(one)
    if one then
      done(one)
    end
  end)
end

-- How many files of the vault wait to be saved, to be put behind what was done to them; nothing where none does.
function M.unsaved(client)
  local count = 0
  for _, buffer in ipairs(vim.fn.getbufinfo({ bufmodified = 1 })) do
    count = count + (vim.startswith(buffer.name, client.root_dir .. '/') and 1 or 0)
  end
  if count == 0 then
    return ''
  end
  return count == 1 and ', 1 file waits to be saved: `:wall` writes it'
    or (', %d files wait to be saved: `:wall` writes them'):format(count)
end

-- The servers that have looked at their whole vault, and who waits for one, by the number of the client.
local checked, waiting = {}, {}

-- Called with each `workspace/codeLens/refresh`: the server sends the first one after it has published the problems of every file.
function M.set_checked(client_id)
  checked[client_id] = true
  for _, done in ipairs(waiting[client_id] or {}) do
    done()
  end
  waiting[client_id] = nil
end

-- Calls back when the problems of the whole vault are known.
function M.when_checked(client, done)
  if checked[client.id] then
    return done()
  end
  M.say('the vault is being read, its problems are listed in a moment')
  waiting[client.id] = vim.list_extend(waiting[client.id] or {}, { done })
end

-- Sends a command. What goes wrong is said in the server's words; `failed`, where given, gets them instead.
function M.ask(client, command, arguments, done, buffer, failed)
  -- An empty Lua table would travel as a list.
  local argument = next(arguments) and arguments or vim.empty_dict()
  local params = { command = command, arguments = { argument } }
  local function answered(err, result)
    if err then
      (failed or M.fail)(err.message)
    elseif done then
      done(result)
    end
  end
  client:request('workspace/executeCommand', params, answered, buffer or vim.api.nvim_get_current_buf())
end

-- The same for whoever cannot wait, such as the completion of a command line. Nothing after so many milliseconds.
function M.ask_now(client, command, arguments, patience)
  local argument = next(arguments) and arguments or vim.empty_dict()
  local params = { command = command, arguments = { argument } }
  local answer = client:request_sync('workspace/executeCommand', params, patience or 1000, 0)
  return answer and answer.result or nil
end

-- Shows a file, or a place in it.
function M.open(client, uri, range)
  -- A window that shows an answer keeps it: the file goes beside.
  if vim.b.guanxi_client and #vim.api.nvim_tabpage_list_wins(0) > 1 then
    vim.cmd.wincmd('p')
  end
  local location = { uri = uri, range = range or { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } } }
  vim.lsp.util.show_document(location, client.offset_encoding, { focus = true, reuse_win = true })
end

return M
