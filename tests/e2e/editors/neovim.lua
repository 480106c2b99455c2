-- Drives a code action and every command; NEOVIM_SETUP is the documented configuration. Writes what it saw, one line each.
local function out(text) io.stdout:write(text .. "\n") end

local function waited(what, condition)
  assert(vim.wait(120000, condition, 50), "timed out: " .. what)
end

local shown, chosen
vim.ui.select = function(items, options, choose)
  shown = vim.tbl_map(options.format_item or tostring, items)
  chosen = items[1]
  choose(items[1], 1)
end

local function picked(command)
  shown = nil
  vim.cmd(command)
  waited(command, function() return shown ~= nil end)
  return shown
end

local function text_of(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") end

local function at() return vim.fn.fnamemodify(vim.fn.bufname("%"), ":.") .. ":" .. vim.fn.line(".") end

local function to(text)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  assert(vim.fn.search(text) > 0, text)
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
  waited("the state", function() return require("codekin").status() == "codekin: ready" end)

  vim.cmd("CodekinDuplicates")
  waited("the duplicates", function() return #vim.fn.getqflist() > 0 end)
  out("duplicates: " .. table.concat(vim.tbl_map(function(each) return each.text end, vim.fn.getqflist()), " | "))
  vim.cmd("cclose")

  to("total += price")
  shown = nil
  vim.lsp.buf.code_action()
  waited("the code action", function() return shown ~= nil end)
  out("action: " .. shown[1])
  waited("the renaming", function() return not text_of(buffer):find("total_price", 1, true) end)
  vim.cmd("silent wall")

  to("line.rstrip")
  out("name: " .. picked("CodekinNames")[1])
  waited("the second renaming", function() return not text_of(buffer):find("read_lines", 1, true) end)
  out("renamed: " .. chosen.name)
  vim.cmd("silent wall")

  out("search: " .. picked("CodekinSearch read the lines of a text file")[1])
  out("at: " .. at())
  vim.fn.setqflist({})
  vim.cmd("CodekinSearch! read the lines of a text file")
  waited("the list", function() return #vim.fn.getqflist() > 0 end)
  out("list: " .. vim.fn.bufname(vim.fn.getqflist()[1].bufnr) .. ":" .. vim.fn.getqflist()[1].lnum)
  vim.cmd("cclose")

  vim.cmd("edit shop/orders.py")
  to("total += price")
  out("similar: " .. #picked("CodekinSimilar"))
  out("selection: " .. #picked("4,9CodekinSimilar"))

  vim.cmd("edit shop/report.py")
  to("for word in")
  local marks = function()
    return vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace("codekin"), 0, -1, { details = true })
  end
  vim.cmd("CodekinExplain")
  waited("the marks", function() return #marks() > 0 end)
  local legend, strongest = "", 0
  for _, mark in ipairs(marks()) do
    for _, chunk in ipairs(mark[4].virt_text or {}) do legend = legend .. chunk[1] end
    strongest = math.max(strongest, tonumber((mark[4].hl_group or ""):match("CodekinStrength(%d)")) or 0)
  end
  out("explained: strongest " .. strongest .. "," .. legend)
  vim.cmd("CodekinClear")
  out("cleared: " .. #marks())

  local told
  vim.notify = function(message) told = message end
  vim.cmd("CodekinStatus")
  waited("the status", function() return told ~= nil end)
  out("status: " .. told:gsub("\n", "; "))

  client.stop()
  waited("the end", function() return client.is_stopped() end)
end, debug.traceback)

if not ok then
  io.stderr:write(tostring(problem) .. "\n")
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
