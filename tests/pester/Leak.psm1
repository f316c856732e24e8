# Looks for a secret in whatever a test has gathered: in clear, as UTF-16LE, as hexadecimal digits, in base64 at any offset,
# URI- or JSON-escaped.

function Find-Leak {
    <#
    .SYNOPSIS
        Names the encodings of a secret that stand in texts or files; nothing where there is none.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Secret,
        [AllowEmptyString()] [string[]] $Text = @(),
        [string[]] $Path = @()
    )

    $utf8, $utf16 = [Text.Encoding]::UTF8.GetBytes($Secret), [Text.Encoding]::Unicode.GetBytes($Secret)
    $clear = (($Secret.ToCharArray() | ForEach-Object {
                $code = [int] $_
                '(?:{0}|%{1:x2}|\\u{1:x4})' -f [regex]::Escape([string] $_), $code
            }) -join '')
    $patterns = [ordered]@{
        clear = "(?i)$clear"
        utf16 = "(?i)$([regex]::Escape((-join ($utf16 | ForEach-Object { [char] $_ }))))"
        hex   = "(?i)$(($utf8 | ForEach-Object { $_.ToString('x2') }) -join '[ :-]?')|$(($utf16 | ForEach-Object { $_.ToString('x2') }) -join '[ :-]?')"
    }
    foreach ($bytes in $utf8, $utf16) {
        foreach ($offset in 0..2) {
            $encoded = [Convert]::ToBase64String([byte[]] ((, [byte] 0 * $offset) + $bytes))
            $first, $end = [Math]::Ceiling($offset * 8 / 6), [Math]::Floor(($offset + $bytes.Length) * 8 / 6)
            $patterns["base64-$($bytes.Length)-$offset"] = [regex]::Escape($encoded.Substring($first, $end - $first))
        }
    }

    $all = @($Text | ForEach-Object { @{ Name = 'text'; Text = $_ } }) + @($Path | ForEach-Object {
            @{ Name = Split-Path $_ -Leaf; Text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($_)) }
        })
    foreach ($one in $all) {
        foreach ($name in $patterns.Keys) {
            if ($one.Text -cmatch $patterns[$name]) { "$($one.Name): $name" }
        }
    }
}

Export-ModuleMember -Function Find-Leak
