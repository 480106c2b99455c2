-- Places to choose from: through `vim.ui.select`, which pickers such as Telescope replace, or as a quickfix list.
--
-- In: places of an answer. Out: the cursor at the one that was chosen.

local M = {}

local function described(place)
  local snippet = place.snippet
  local text = snippet and snippet ~= vim.NIL and vim.trim(snippet.text) or ""
  return ("%s  %s:%d  %s"):format(place.qualified_name, place.path, place.start_line, text)
end

function M.jump(place)
  vim.cmd("normal! m'") -- <C-o> leads back
  local file = vim.uri_to_fname(place.uri)
  if vim.api.nvim_buf_get_name(0) ~= file then vim.cmd("edit " .. vim.fn.fnameescape(file)) end
  vim.api.nvim_win_set_cursor(0, { math.min(place.start_line, vim.api.nvim_buf_line_count(0)), 0 })
  vim.cmd("normal! ^zv")
end

function M.places(places, title)
  local options = { prompt = title, kind = "codekin", format_item = described }
  vim.ui.select(places, options, function(chosen)
    if chosen then M.jump(chosen) end
  end)
end

function M.list(places, title, texts)
  local items = {}
  for index, place in ipairs(places) do
    local text = texts and texts[index] or place.qualified_name
    table.insert(items, { filename = vim.uri_to_fname(place.uri), lnum = place.start_line, text = text })
  end
  vim.fn.setqflist({}, " ", { title = "codekin: " .. title, items = items })
  vim.cmd("copen")
end

return M
