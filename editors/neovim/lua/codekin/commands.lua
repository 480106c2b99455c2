-- The commands: what is asked, and what is done with the answer.
--
-- In: words, a cursor, a selection. Out: pickers, quickfix lists, marks, edits. Must not know how the server is started.

local client = require("codekin.client")
local explanation = require("codekin.explanation")
local picker = require("codekin.picker")

local M = {}

local function percent(share) return ("%d %%"):format(math.floor(share * 100 + 0.5)) end

local function present(value) return value ~= nil and value ~= vim.NIL end

local function note_of(answer, otherwise) return present(answer.note) and answer.note or otherwise end

local function with_words(words, prompt, ask)
  if words ~= "" then return ask(words) end
  vim.ui.input({ prompt = prompt }, function(typed)
    if typed and typed ~= "" then ask(typed) end
  end)
end

local function show(answer, title, as_list)
  if #answer.results == 0 then return client.complain(note_of(answer, "nothing was found")) end
  if as_list then return picker.list(answer.results, title) end
  picker.places(answer.results, title)
end

function M.search(input)
  with_words(input.args, "Search for: ", function(words)
    client.ask("codekin.search", { query = words }, function(answer) show(answer, words, input.bang) end)
  end)
end

function M.similar(input)
  local question = client.here()
  if input.range > 0 then
    question.position = nil
    question.range = {
      start = { line = input.line1 - 1, character = 0 },
      ["end"] = { line = input.line2, character = 0 },
    }
  end
  client.ask("codekin.similar", question, function(answer) show(answer, "similar functions", input.bang) end)
end

function M.names()
  local buffer = vim.api.nvim_get_current_buf()
  client.ask("codekin.suggestNames", client.here(), function(answer)
    local target = answer.functions[1]
    if not target then return client.complain(note_of(answer, "there is no function here: put the cursor into one")) end
    local suggestions = vim.tbl_filter(function(each) return each.name ~= target.name end, target.suggestions)
    if #suggestions == 0 then return client.complain("no better name for " .. target.name .. " is likely enough") end
    vim.ui.select(suggestions, {
      prompt = "Names for " .. target.qualified_name,
      kind = "codekin",
      format_item = function(each) return each.name .. "  " .. percent(each.probability) end,
    }, function(chosen)
      if chosen then M.rename(buffer, target, chosen.name) end
    end)
  end)
end

function M.rename(buffer, target, name)
  local question = { uri = vim.uri_from_bufnr(buffer), position = target.nameRange.start, newName = name }
  client.ask("codekin.rename", question, function(answer, server)
    if not present(answer.edit) then return client.complain(table.concat(answer.conflicts, "; ")) end
    vim.lsp.util.apply_workspace_edit(answer.edit, server.offset_encoding)
  end)
end

function M.explain()
  local buffer = vim.api.nvim_get_current_buf()
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local question = vim.tbl_extend("force", client.here(), { naming = true })
  client.ask("codekin.explain", question, function(answer, server)
    if not present(answer.target) or #answer.contexts == 0 then
      return client.complain(note_of(answer, "there is too little here to explain"))
    end
    if vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      return client.complain("the buffer has changed meanwhile: ask again")
    end
    explanation.show(buffer, answer, server.offset_encoding)
  end)
end

function M.duplicates()
  client.ask("codekin.duplicates", vim.empty_dict(), function(answer)
    if #answer.clusters == 0 then return client.complain(note_of(answer, "there are no near-duplicates")) end
    local places, texts = {}, {}
    for index, cluster in ipairs(answer.clusters) do
      for _, place in ipairs(cluster.members) do
        table.insert(places, place)
        table.insert(texts, ("%d: %s, %s alike"):format(index, place.qualified_name, percent(cluster.similarity)))
      end
    end
    picker.list(places, "near-duplicates", texts)
  end)
end

function M.status()
  client.ask("codekin.status", nil, function(answer)
    local lines = { client.status() }
    for _, key in ipairs({ "root", "files", "units", "vectors_missing", "search", "model", "memory_mb", "version" }) do
      if present(answer[key]) then table.insert(lines, key .. ": " .. tostring(answer[key])) end
    end
    vim.notify(table.concat(lines, "\n"), vim.log.levels.INFO)
  end)
end

function M.define()
  local define = vim.api.nvim_create_user_command
  define("CodekinSearch", M.search, { nargs = "*", bang = true, desc = "Code that fits a description; ! as a quickfix list" })
  define("CodekinSimilar", M.similar, { range = true, bang = true, desc = "Functions like this one, or like the selection" })
  define("CodekinNames", M.names, { desc = "Names for the function under the cursor" })
  define("CodekinExplain", M.explain, { desc = "Mark what carried the suggested names" })
  define("CodekinClear", function() explanation.clear(0) end, { desc = "Clear the marks of :CodekinExplain" })
  define("CodekinDuplicates", M.duplicates, { desc = "Near-duplicates, as a quickfix list" })
  define("CodekinStatus", M.status, { desc = "What codekin does and knows" })
end

return M
