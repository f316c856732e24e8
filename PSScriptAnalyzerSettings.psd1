@{
    # Tests and the build speak to a person; nothing else is excused.
    ExcludeRules = @()
}
