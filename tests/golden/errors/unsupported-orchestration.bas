' error: unsupported-keyword 2 1
ORCHESTRATE WORKFLOW "review"
  STEP 1: BOT "a" "do it"
  PARALLEL
    BRANCH BOT "b"
  END PARALLEL
  STEP 2: HUMAN APPROVAL
TALK "after"
