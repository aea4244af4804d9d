' warning: not-available 4 12
' warning: not-available 6 3
last = GET BOT MEMORY "last_sync" OR "2020-01-01"
contacts = GET "https://crm.example.com/contacts?since=" + last
IF contacts.status = 200 THEN
  MERGE "contacts" WITH contacts.data BY email
  SET BOT MEMORY "last_sync", NOW()
ELSE
  THROW "CRM answered " + contacts.status
END IF
