-- move_stored_files: a file, or a folder with all that is in it.
-- $1 from text, $2 to text, $3 parent of `to` text
update sluice.stored_files
set path = $2 || substr(path, length($1) + 1),
    parent = case when path = $1 then $3 else $2 || substr(parent, length($1) + 1) end
where path >= $1 and path < $1 || '0' and (path = $1 or path > $1 || '/')  -- siblings such as $1.txt lie between;
