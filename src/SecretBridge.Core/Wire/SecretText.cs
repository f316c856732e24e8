using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;

namespace SecretBridge.Wire;

/// <summary>Text that is secret, such as a token. Only <see cref="Reveal"/> gives it away.</summary>
[DebuggerDisplay("(sealed)")]
internal sealed class SecretText
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    public SecretText(string text) => _text = text;

    public static SecretText Of(SecureString secure)
    {
        IntPtr characters = Marshal.SecureStringToGlobalAllocUnicode(secure);
        try
        {
            return new(Marshal.PtrToStringUni(characters, secure.Length));
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(characters);
        }
    }

    public string Reveal() => _text;

    public override string ToString() => "(sealed)";
}
