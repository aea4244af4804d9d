local a = {}
for i = 0, 999 do
  a[i] = ""
end
local t = ""
local hits = 0
for i = 1, @N do
  a[i % 1000] = "k" .. tostring(i)
  t = t .. string.sub(a[i % 1000], 1, 2)
  if #t > 100 then
    t = ""
    hits = hits + 1
  end
end
print(hits)
