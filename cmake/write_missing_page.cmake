# The page of a binary that was built without one: FOLDER gets an index.html that gives the REASON (a file with it).
file(READ ${REASON} reason)
file(REMOVE_RECURSE ${FOLDER})
file(WRITE "${FOLDER}/index.html" "<!doctype html>
<html lang=\"en\">
  <head>
    <meta charset=\"utf-8\" />
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />
    <title>Sluice</title>
  </head>
  <body>
    <h1>The web page is not in this binary</h1>
    <p>The API and the command line work; the page was left out because ${reason}.</p>
  </body>
</html>
")
