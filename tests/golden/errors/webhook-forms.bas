' warning: not-available 3 1
' warning: not-available 8 5
WEBHOOK "github"
DESCRIPTION "Takes what the forge reports"
event = headers["x-github-event"]
IF event = "push" THEN
  FOR EACH commit IN body.commits
    INSERT INTO "commits" WITH sha = commit.id, author = commit.author.name, at = NOW()
  NEXT
END IF
result = { "status": "ok" }
RETURN result
