using System.Security.Cryptography;
using System.Text;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>What somebody without the key can do after changing a file: mend all that needs no key.</summary>
internal static class Resummed
{
    internal static byte[] File(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 4)
        {
            return Encoding.Latin1.GetBytes(text);
        }

        for (int i = 3; i < lines.Length; i++)
        {
            if (lines[i].LastIndexOf(' ') is > 0 and var at)
            {
                lines[i] = lines[i][..at] + " " + SealedFileFormat.Sum(Encoding.Latin1.GetBytes(lines[i][..at]));
            }
        }

        string body = string.Join('\n', lines[3..]);
        string mac = lines[2].Split(' ') is [_, var given, ..] ? given : "";
        string proven = $"{lines[0]}\n{lines[1]}\n{Convert.ToBase64String(SHA256.HashData(Encoding.Latin1.GetBytes(body)))} {mac}";
        return Encoding.Latin1.GetBytes($"{proven} {SealedFileFormat.Sum(Encoding.Latin1.GetBytes(proven))}\n{body}");
    }
}
