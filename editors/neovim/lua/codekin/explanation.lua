-- What of a function carried the suggested names: marks in five strengths, until the text changes.
--
-- In: an answer of `codekin.explain`. Out: extmarks and a legend behind the function's first line.

local M = {}

local namespace = vim.api.nvim_create_namespace("codekin")
local COLOURS = { "#3a3320", "#55471f", "#735d1d", "#94751a", "#b88f16" }

local function highlights()
  for strength, colour in ipairs(COLOURS) do
    vim.cmd(("highlight default CodekinStrength%d guibg=%s ctermbg=%d"):format(strength, colour, 235 + 2 * strength))
  end
end

-- A position of the protocol as a row and a column in bytes.
local function place_of(buffer, position, encoding)
  local line = vim.api.nvim_buf_get_lines(buffer, position.line, position.line + 1, false)[1] or ""
  local ok, column = pcall(vim.str_byteindex, line, position.character, encoding ~= "utf-32")
  return position.line, ok and column or #line
end

-- Ends of contexts with the sum of the weights of what they are ends of.
local function marks_of(contexts)
  local marks = {}
  for _, context in ipairs(contexts) do
    local ends = { context.startRange }
    if not vim.deep_equal(context.startRange, context.endRange) then table.insert(ends, context.endRange) end
    for _, range in ipairs(ends) do
      local key = vim.inspect(range)
      marks[key] = marks[key] or { range = range, weight = 0 }
      marks[key].weight = marks[key].weight + context.weight
    end
  end
  return vim.tbl_values(marks)
end

local function legend_of(names)
  local texts = { { "  weak ", "Comment" } }
  for strength = 1, #COLOURS do table.insert(texts, { "  ", "CodekinStrength" .. strength }) end
  local shown = {}
  for index = 1, math.min(3, #names) do
    table.insert(shown, ("%s %d %%"):format(names[index].name, math.floor(names[index].probability * 100 + 0.5)))
  end
  table.insert(texts, { " strong  " .. table.concat(shown, ", "), "Comment" })
  return texts
end

function M.show(buffer, answer, encoding)
  M.clear(buffer)
  highlights()
  local marks, strongest = marks_of(answer.contexts), 0
  for _, mark in ipairs(marks) do strongest = math.max(strongest, mark.weight) end
  for _, mark in ipairs(marks) do
    local row, column = place_of(buffer, mark.range.start, encoding)
    local end_row, end_column = place_of(buffer, mark.range["end"], encoding)
    local strength = math.max(1, math.min(#COLOURS, math.ceil(mark.weight / math.max(strongest, 1e-9) * #COLOURS)))
    local look = { end_row = end_row, end_col = end_column, hl_group = "CodekinStrength" .. strength }
    vim.api.nvim_buf_set_extmark(buffer, namespace, row, column, look)
  end
  local names = answer.names and answer.names ~= vim.NIL and answer.names or {}
  local first = answer.target.range.start.line
  vim.api.nvim_buf_set_extmark(buffer, namespace, first, 0, { virt_text = legend_of(names), virt_text_pos = "eol" })
  vim.api.nvim_create_autocmd({ "TextChanged", "InsertEnter" }, {
    buffer = buffer,
    once = true,
    callback = function() M.clear(buffer) end,
  })
end

function M.clear(buffer) vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1) end

return M
