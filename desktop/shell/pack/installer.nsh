; "Upload with ImageBridge" in the context menu of machine images. Takes no kind of file over from another program.
!macro eachImageKind DO
  !insertmacro ${DO} "iso"
  !insertmacro ${DO} "img"
  !insertmacro ${DO} "qcow2"
  !insertmacro ${DO} "vmdk"
  !insertmacro ${DO} "vhd"
  !insertmacro ${DO} "vhdx"
!macroend

!macro addUpload KIND
  WriteRegStr SHELL_CONTEXT "Software\Classes\SystemFileAssociations\.${KIND}\shell\ImageBridge" "" "Upload with ImageBridge"
  WriteRegStr SHELL_CONTEXT "Software\Classes\SystemFileAssociations\.${KIND}\shell\ImageBridge" "Icon" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\SystemFileAssociations\.${KIND}\shell\ImageBridge\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro removeUpload KIND
  DeleteRegKey SHELL_CONTEXT "Software\Classes\SystemFileAssociations\.${KIND}\shell\ImageBridge"
!macroend

!macro customInstall
  !insertmacro eachImageKind addUpload
!macroend

!macro customUnInstall
  !insertmacro eachImageKind removeUpload
!macroend
