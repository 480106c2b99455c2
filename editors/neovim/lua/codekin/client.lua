-- The language server: started once a project, and asked.
--
-- In: a buffer and options; a command and its question. Out: answers, handed to a callback; a failure as one line.

local M = {}

local clients = {} -- by root
local state -- the last `codekin/status`

local function is_newer(version) return vim.fn.has("nvim-" .. version) == 1 end

local function root_of(buffer, markers)
  local file = vim.api.nvim_buf_get_name(buffer)
  local folder = file == "" and vim.fn.getcwd() or vim.fn.fnamemodify(file, ":p:h")
  local above = folder
  while true do
    for _, marker in ipairs(markers) do
      local path = above .. "/" .. marker
      if vim.fn.isdirectory(path) == 1 or vim.fn.filereadable(path) == 1 then return above end
    end
    local parent = vim.fn.fnamemodify(above, ":h")
    if parent == above then break end
    above = parent
  end
  -- a project without any marker: what Neovim was started in, where the file is below it
  local cwd = vim.fn.getcwd()
  return vim.startswith(folder .. "/", cwd .. "/") and cwd or folder
end

local function config_of(root, options)
  return {
    name = "codekin",
    cmd = options.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = vim.fn.fnamemodify(root, ":t") } },
    init_options = { settings = options.settings, statusNotifications = true },
    settings = { codekin = options.settings },
    on_attach = options.on_attach,
    handlers = {
      ["codekin/status"] = function(_, said) state = said end,
    },
    on_exit = function()
      clients[root] = nil
      state = nil
    end,
  }
end

function M.attach(buffer, options)
  if vim.api.nvim_buf_get_option(buffer, "buftype") ~= "" then return end
  local root = root_of(buffer, options.root_markers)
  clients[root] = clients[root] or vim.lsp.start_client(config_of(root, options))
  if clients[root] then vim.lsp.buf_attach_client(buffer, clients[root]) end
end

-- The client of the present buffer, else any: a search needs no Python file.
function M.present()
  local any
  for _, id in pairs(clients) do
    local each = vim.lsp.get_client_by_id(id)
    if each and vim.lsp.buf_is_attached(0, id) then return each end
    any = any or each
  end
  return any
end

function M.complain(message) vim.notify("codekin: " .. message, vim.log.levels.WARN) end

-- `answered` gets the result and the client; a failure is told, and nothing is called.
function M.ask(command, question, answered)
  local client = M.present()
  if not client then return M.complain("no server runs; open a Python file first") end
  local params = { command = command, arguments = question and { question } or nil }
  local function handler(problem, result)
    if problem then return M.complain(problem.message) end
    answered(result, client)
  end
  if is_newer("0.11") then
    client:request("workspace/executeCommand", params, handler, 0)
  else
    client.request("workspace/executeCommand", params, handler, 0)
  end
end

-- The cursor as a question about a place.
function M.here()
  local client = M.present()
  local params = vim.lsp.util.make_position_params(0, client and client.offset_encoding or "utf-16")
  return { uri = params.textDocument.uri, position = params.position }
end

function M.status()
  if not state then return "" end
  local progress = state.total > 0 and state.state ~= "ready" and (" %d/%d"):format(state.done, state.total) or ""
  return "codekin: " .. state.state .. progress
end

return M
