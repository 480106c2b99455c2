-- Starts codekin for Python buffers, and defines its commands.
--
--   require("codekin").setup({ settings = { names = { limit = 3 } } })
--
-- In: options. Out: a client for each project, `:Codekin...` commands. Works from Neovim 0.7 on.

local client = require("codekin.client")
local commands = require("codekin.commands")

local M = {}

local defaults = {
  cmd = { "codekin", "serve", "--stdio" },
  filetypes = { "python" },
  root_markers = { "pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg" },
  settings = vim.empty_dict(), -- docs/settings.md
  on_attach = nil,
}

function M.setup(options)
  local chosen = vim.tbl_extend("force", defaults, options or {})
  vim.api.nvim_create_augroup("codekin", { clear = true })
  vim.api.nvim_create_autocmd("FileType", {
    group = "codekin",
    pattern = chosen.filetypes,
    callback = function(event) client.attach(event.buf, chosen) end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.tbl_contains(chosen.filetypes, vim.api.nvim_buf_get_option(buffer, "filetype")) then
      client.attach(buffer, chosen)
    end
  end
  commands.define()
end

-- What codekin does, for a status line: "codekin: indexing 3/20", or "" where it does not run.
function M.status() return client.status() end

return M
