using System.Security.Cryptography;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Stores.Snapshots;
using Xunit;

namespace SecretBridge.Tests.Stores.Snapshots;

/// <summary>
/// Archives that were changed at random, from a fixed seed. The reader either refuses with an error of its own or gives exactly
/// what was sealed; whoever mends the sums of the frames as well gets no further.
/// </summary>
public sealed class SnapshotFuzzTests : IDisposable
{
    private const int Cases = 20_000;
    private readonly SnapshotFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Twenty_thousand_broken_archives_give_typed_errors_and_never_another_content()
    {
        byte[][] files = [.. Enumerable.Range(0, 2).Select(Make)];
        string[] contents = new string[2];
        for (int i = 0; i < 2; i++)
        {
            contents[i] = await ContentAsync(files[i]);
        }

        var random = new Random(20261122);
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Cases; i++)
        {
            byte[] broken = Break(files, random);
            string outcome;
            try
            {
                Assert.True(contents.Contains(await ContentAsync(broken)), $"Case {i} reads as something that nobody sealed.");
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

    private byte[] Make(int which)
    {
        using (var writer = SnapshotWriter.Create(_folder.File with { Overwrite = true, FrameSize = 300 }))
        {
            for (int i = 0; i < 6; i++)
            {
                writer.Write(new() { Key = $"f/{i}", Versions = [new(1, SecretState.Destroyed, null), new(2, SecretState.Live, JsonText.Payload($$"""{"k":"canary-{{which}}-{{i}}{{new string('x', 100)}}"}"""))] });
            }

            writer.Complete(SnapshotFolder.Facts with { Capabilities = SnapshotFacts.Kept });
        }

        return _folder.Bytes;
    }

    private async Task<string> ContentAsync(byte[] bytes)
    {
        using SnapshotStore store = await _folder.OpenAsync(bytes);
        var content = new StringBuilder();
        foreach (ListedName name in (await store.ListAsync(SecretPath.Parse("f"), CancellationToken.None)).Names)
        {
            SecretReading reading = await store.ReadAsync(SecretPath.Parse($"f/{name.Name}"), null, CancellationToken.None);
            content.Append(name.Listed).Append(reading.Version).Append(reading.Payload?.Text());
        }

        return content.ToString();
    }

    private static byte[] Break(byte[][] files, Random random)
    {
        byte[] bytes = [.. files[random.Next(2)]];
        byte[] other = files[random.Next(2)];
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            bytes = Change(bytes, other, random);
        }

        if (random.Next(2) == 0)
        {
            MendSums(bytes);
        }

        return bytes;
    }

    private static byte[] Change(byte[] bytes, byte[] other, Random random)
    {
        if (bytes.Length < 100)
        {
            return bytes;
        }

        // Mostly where the structure is: the head, the heads of frames, the end.
        int[] frames = [.. Frames(bytes)];
        int near = random.Next(4) switch
        {
            0 => random.Next(bytes.Length),
            1 => random.Next(Math.Min(700, bytes.Length)),
            2 => Math.Max(0, bytes.Length - 1 - random.Next(600)),
            _ => frames.Length == 0 ? 0 : Math.Min(bytes.Length - 1, frames[random.Next(frames.Length)] + random.Next(40)),
        };
        int length = random.Next(1, 1 + Math.Min(64, bytes.Length - near));
        switch (random.Next(9))
        {
            case 0 or 1:
                bytes[near] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                bytes[near] = (byte)random.Next(256);
                return bytes;
            case 3:
                return bytes[..near];
            case 4:
                return [.. bytes[..near], .. bytes[(near + length)..]];
            case 5:
                return [.. bytes[..near], .. other[Math.Min(near, other.Length)..]];
            case 6 when frames.Length > 2:
                int one = random.Next(frames.Length - 1), two = random.Next(frames.Length - 1);
                return [.. bytes[..frames[one]], .. bytes[frames[two]..frames[two + 1]], .. bytes[frames[one + 1]..]];
            case 7:
                return Text(bytes, random);
            default:
                return [.. bytes[..near], .. bytes[near..(near + length)], .. bytes[near..]];
        }
    }

    private static byte[] Text(byte[] bytes, Random random)
    {
        string[] tokens = ["snapshot/1", "\"id\":\"", "\"verifier\":\"", "key-file", "\"kdf\""];
        string[] others = ["snapshot/2", "snapshot/99999999999", "\"id\":\"0", "\"verifier\":\"AAAA", "pbkdf2-hmac-sha512", "[[[[[[", "null", "\u00ff"];
        string head = Encoding.Latin1.GetString(bytes, 0, Math.Min(500, bytes.Length));
        return [.. Encoding.Latin1.GetBytes(head.Replace(tokens[random.Next(tokens.Length)], others[random.Next(others.Length)], StringComparison.Ordinal)), .. bytes[head.Length..]];
    }

    private static IEnumerable<int> Frames(byte[] bytes)
    {
        int at = 0;
        for (int line = 0; line < 3; line++)
        {
            int end = bytes.AsSpan(at).IndexOf((byte)'\n');
            if (end < 0)
            {
                yield break;
            }

            at += end + 1;
        }

        while (at <= bytes.Length - SnapshotFormat.FrameHead)
        {
            yield return at;
            int length = BitConverter.ToInt32(bytes, at + 9);
            if (length < 0 || length > bytes.Length - at - SnapshotFormat.FrameHead)
            {
                yield break;
            }

            at += SnapshotFormat.FrameHead + length;
        }
    }

    private static void MendSums(byte[] bytes)
    {
        foreach (int at in Frames(bytes).ToArray())
        {
            int length = BitConverter.ToInt32(bytes, at + 9);
            if (length >= 0 && length <= bytes.Length - at - SnapshotFormat.FrameHead)
            {
                byte[] sum = SHA256.HashData([.. bytes[at..(at + 13)], .. bytes[(at + SnapshotFormat.FrameHead)..(at + SnapshotFormat.FrameHead + length)]]);
                sum.AsSpan(0, SealedFileFormat.SumLength).CopyTo(bytes.AsSpan(at + 13));
            }
        }

        int first = bytes.AsSpan().IndexOf((byte)'\n'), second = bytes.AsSpan(first + 1).IndexOf((byte)'\n') + first + 1;
        int space = bytes.AsSpan(second + 1).IndexOf((byte)' ') + second + 1;
        if (first > 0 && second > first && space > second && space + 17 < bytes.Length)
        {
            Encoding.ASCII.GetBytes(SealedFileFormat.Sum(bytes.AsSpan(0, space))).CopyTo(bytes.AsSpan(space + 1));
        }
    }
}
