-- Drives one code action and one search; NEOVIM_SETUP is the documented configuration. Writes what it saw.
local function out(text) io.stdout:write(text .. "\n") end

local function waited(what, condition)
  assert(vim.wait(120000, condition, 50), "timed out: " .. what)
end

local ok, problem = xpcall(function()
  vim.cmd("luafile " .. vim.env.NEOVIM_SETUP)
  vim.cmd("filetype on")
  vim.cmd("edit shop/orders.py")
  local buffer = vim.api.nvim_get_current_buf()
  waited("the client", function() return #vim.lsp.buf_get_clients(buffer) > 0 end)
  local client
  for _, each in pairs(vim.lsp.buf_get_clients(buffer)) do client = each end
  waited("the index", function()
    local status = client.request_sync("workspace/executeCommand", { command = "codekin.status" }, 20000, buffer)
    return status and status.result and status.result.units > 0 and status.result.vectors_missing == 0
  end)

  vim.ui.select = function(items, options, choose)
    out("action: " .. options.format_item(items[1]))
    choose(items[1], 1)
  end
  vim.api.nvim_win_set_cursor(0, { 7, 4 })
  vim.lsp.buf.code_action()
  waited("the renaming", function()
    local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
    return not text:find("total_price", 1, true)
  end)
  vim.cmd("silent wall")

  vim.cmd("CodekinSearch read the lines of a text file")
  waited("the search", function() return #vim.fn.getqflist() > 0 end)
  local first = vim.fn.getqflist()[1]
  out("found: " .. first.text .. " at line " .. first.lnum .. " of " .. vim.fn.bufname(first.bufnr))
  client.stop()
  waited("the end", function() return client.is_stopped() end)
end, debug.traceback)

if not ok then
  io.stderr:write(tostring(problem) .. "\n")
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
