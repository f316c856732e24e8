@{
    Rules = @{
        # It reads like a line of HTTP: server, method, path, body.
        PSAvoidUsingPositionalParameters = @{ Enable = $true; CommandAllowList = @('Invoke-TestRequest') }
    }
}
