local s = 0
for i = 1, @N do
  if i % 2 == 0 then
    s = s + i
  else
    s = s - 1
  end
end
print(s)
