# The web page: npm builds ui/ into build/<preset>/page, which is compiled into the binary.
# Without npm (or with -DSLUICE_PAGE=OFF) the binary serves the API and says that the page is missing.
option(SLUICE_PAGE "Build the web page and compile it in" ON)
