file(GLOB_RECURSE files RELATIVE ${FOLDER} "${FOLDER}/*")
list(SORT files)
set(assembly "")
set(entries "")
set(index 0)
foreach(file ${files})
    string(APPEND assembly "__asm__(\".section .rodata\\n.balign 16\\n.global sluice_${NAMESPACE}_${index}\\nsluice_${NAMESPACE}_${index}:\\n.incbin \\\"${FOLDER}/${file}\\\"\\n.global sluice_${NAMESPACE}_${index}_end\\nsluice_${NAMESPACE}_${index}_end:\\n.byte 0\\n.previous\\n\");\nextern \"C\" const char sluice_${NAMESPACE}_${index}[];\nextern \"C\" const char sluice_${NAMESPACE}_${index}_end[];\n")
    # Named by its content at build time: to hash it at each start would bring all of it into memory.
    file(SHA256 "${FOLDER}/${file}" digest)
    string(SUBSTRING ${digest} 0 16 digest)
    string(APPEND entries "        {\"${file}\", {sluice_${NAMESPACE}_${index}, static_cast<std::size_t>(sluice_${NAMESPACE}_${index}_end - sluice_${NAMESPACE}_${index})}, \"${digest}\"},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${HEADER} "#pragma once
// Written by cmake/write_embedded.cmake.
#include <string_view>
#include <vector>

namespace sluice::${NAMESPACE} {
struct EmbeddedFile {
    std::string_view path;  // relative, with forward slashes
    std::string_view content;
    std::string_view digest;  // other content has another
};
const std::vector<EmbeddedFile>& embedded_files();
}  // namespace sluice::${NAMESPACE}
")
file(WRITE ${SOURCE} "#include \"embedded/${NAMESPACE}.h\"

${assembly}
namespace sluice::${NAMESPACE} {
const std::vector<EmbeddedFile>& embedded_files() {
    static const std::vector<EmbeddedFile> files{
${entries}    };
    return files;
}
}  // namespace sluice::${NAMESPACE}
")
