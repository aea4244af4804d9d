' warning: not-available 4 1
' warning: not-available 5 12
' warning: not-available 6 14
SET SCHEDULE "1 * * * * *"
let text = GET "announcements.gbkb/news/news.pdf"
let resume = LLM "In a few words, resume this: " + text
SET BOT MEMORY "resume", resume
Set_Bot_Memory "news" AS text
let text1 = GET "news/auxiliary.docx"
