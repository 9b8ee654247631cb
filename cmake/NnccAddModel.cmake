# nncc_add_model(<library> <model.onnx> [TARGET <name>] [NAME <prefix>] [OPTIONS <option>...])
#
# Compiles the network and adds a library that brings the object and the folder of
# its header: target_link_libraries(app PRIVATE <library>). TARGET is what
# `nncc -target=` takes and may be left out when not cross compiling; NAME is the
# prefix of symbols and the name of the header, <library> if left out; OPTIONS go to
# nncc as they are.
function(nncc_add_model library model)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "TARGET;NAME" "OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "nncc_add_model(${library}): unknown arguments '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT ARG_TARGET)
    if(CMAKE_CROSSCOMPILING)
      message(FATAL_ERROR "nncc_add_model(${library}): give a TARGET when cross compiling")
    endif()
    set(ARG_TARGET host)
  endif()
  if(NOT ARG_NAME)
    set(ARG_NAME ${library})
  endif()
  get_filename_component(model ${model} ABSOLUTE)
  # A folder of its own, or the header would be seen by targets that do not link it.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${library}.nncc)
  set(object ${folder}/${ARG_NAME}.o)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${object} ${folder}/${ARG_NAME}.h
    COMMAND nncc::nncc ${model} -target=${ARG_TARGET} -name=${ARG_NAME} -o ${object} ${ARG_OPTIONS}
    DEPENDS ${model} nncc::nncc
    COMMENT "Compiling network ${library} for ${ARG_TARGET}"
    VERBATIM)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_library(${library} STATIC ${object})
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${library} INTERFACE ${folder})
endfunction()
