local visits, points, last = 0, 0, ""
for turn = 1, @N do
  local name = "Customer " .. tostring(turn)
  visits = visits + 1
  local greeting = "Hello, " .. name .. "!"
  if visits > 3 then
    greeting = greeting .. " Welcome back."
  end
  local choice = "2"
  local order = ""
  if choice == "1" then
    order = "tea"
  elseif choice == "2" then
    order = "coffee"
  else
    order = "cake"
  end
  local price = tonumber("3") * 2
  local quantity = tonumber(choice)
  local total = price * quantity
  local discount
  if total > 10 then
    discount = 1
  else
    discount = 0
  end
  total = total - discount
  local label = string.sub(order, 1, 3)
  local size = #order
  local where = string.find(order, "f", 1, true) or 0
  if where > 0 then
    label = label .. "-" .. tostring(where)
  end
  local summary = tostring(quantity) .. " x " .. order
  local line = summary .. " = " .. tostring(total)
  if size > 4 then
    line = line .. " (" .. label .. ")"
  end
  local note = ""
  if string.sub(line, 1, 1) == "2" then
    note = "pair"
  end
  local key = name .. ":" .. order
  if #key > 40 then
    key = string.sub(key, 1, 40)
  end
  points = points + total
  if points > 1000 then
    points = 0
  end
  last = greeting .. " " .. line .. note
end
print(last)
