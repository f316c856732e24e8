using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>
/// Files that were changed at random, from a fixed seed. The reader either refuses with an error of its own or gives exactly what
/// was sealed; whoever mends the sums as well gets no further.
/// </summary>
public class SealedFileFuzzTests(SealedPassphraseFile file) : IClassFixture<SealedPassphraseFile>
{
    private const int Cases = 100_000;

    [Fact]
    public void A_hundred_thousand_broken_files_give_typed_errors_and_never_another_content()
    {
        string whole = Content(file.Bytes), other = Content(file.Other);
        var random = new Random(20261122);
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Cases; i++)
        {
            byte[] broken = Break(random);
            string outcome;
            try
            {
                string content = Content(broken);
                Assert.True(content == whole || content == other, $"Case {i} reads as something that nobody sealed.");
                outcome = "read";
            }
            catch (BridgeException exception)
            {
                Assert.DoesNotContain("canary", exception.Message, StringComparison.Ordinal);
                outcome = exception.Kind.ToString();
            }

            kinds[outcome] = kinds.GetValueOrDefault(outcome) + 1;
        }

        // Each layer of the reader was reached, and nearly nothing got through.
        Assert.Subset(kinds.Keys.ToHashSet(), new HashSet<string> { "SealedFileDamaged", "SealedFileTampered", "SealedFileTooNew", "SealedFileTruncated", "WrongPassphrase" });
        Assert.InRange(kinds.GetValueOrDefault("read"), 0, Cases / 10);
    }

    private string Content(byte[] bytes)
    {
        SealedContent content = SealedFileReader.Open(SealedFileText.Parse(bytes, "test"), file.Kek, "test");
        return string.Join('\n', content.Entries.Values.OrderBy(entry => entry.Path)
            .Select(entry => $"{entry.Path} {entry.Version} {Encoding.UTF8.GetString(entry.Data.Open(entry.Path.Value))}"));
    }

    private byte[] Break(Random random)
    {
        byte[] bytes = [.. random.Next(2) == 0 ? file.Bytes : file.Other];
        byte[] second = random.Next(2) == 0 ? file.Bytes : file.Other;
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            bytes = Change(bytes, second, random);
        }

        return random.Next(2) == 0 ? bytes : Resummed.File(Encoding.Latin1.GetString(bytes));
    }

    private static byte[] Change(byte[] bytes, byte[] second, Random random)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        int at = random.Next(bytes.Length), length = random.Next(1, 1 + Math.Min(64, bytes.Length - at));
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 4:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. second[Math.Min(at, second.Length)..]];
            case 6:
                return Number(bytes, random);
            default:
                return Lines(bytes, second, random);
        }
    }

    private static byte[] Lines(byte[] bytes, byte[] second, Random random)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split('\n');
        string[] others = Encoding.Latin1.GetString(second).Split('\n');
        int one = random.Next(lines.Length), two = random.Next(lines.Length);
        switch (random.Next(4))
        {
            case 0:
                (lines[one], lines[two]) = (lines[two], lines[one]);
                break;
            case 1:
                lines[one] = lines[two];
                break;
            case 2:
                lines[one] = others[random.Next(others.Length)];
                break;
            default:
                lines = [.. lines[..one], .. lines[(one + 1)..]];
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static byte[] Number(byte[] bytes, Random random)
    {
        string[] tokens = ["220000", "\"entries\":3", "sealed-file/1", "\"id\":\"", "\"verifier\":\"", "pbkdf2-hmac-sha512"];
        string[] others = ["219999", "10000001", "99999999999", "\"entries\":2", "\"entries\":2147483647", "sealed-file/2", "sealed-file/9999999999", "\"id\":\"0", "\"verifier\":\"AAAA", "key-file", "[[[[[[[[", "null", "\u00ff"];
        return Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes)
            .Replace(tokens[random.Next(tokens.Length)], others[random.Next(others.Length)], StringComparison.Ordinal));
    }
}
