using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>A file with a passphrase, derived once.</summary>
public sealed class SealedPassphraseFile : IAsyncLifetime, IDisposable
{
    internal const string Passphrase = "correct horse é";
    private readonly SealedFolder _folder = new();

    internal byte[] Bytes { get; private set; } = [];

    internal byte[] Other { get; private set; } = [];

    internal SealedKek Kek { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await using (SealedFileStore store = await _folder.FillAsync(3, options => options with { Credential = SealedFolder.Passphrase(Passphrase) }))
        {
            Bytes = _folder.Bytes;
            await store.PutAsync("a/1", """{"k":"canary-later"}""");
            Other = _folder.Bytes;
        }

        Kek = SealedKek.Derive(SealedFolder.Passphrase(Passphrase), SealedFileText.Parse(Bytes, "test").Header.Kdf, "test");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Kek.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Each thing that can be wrong with a file has an error of its own.</summary>
public class SealedFileFaultsTests(SealedPassphraseFile file) : IClassFixture<SealedPassphraseFile>
{
    private string Text => Encoding.ASCII.GetString(file.Bytes);

    private string[] Lines => Text.Split('\n');

    [Fact]
    public void A_whole_file_opens_with_its_key() => Assert.Equal(3, Open(file.Bytes).Entries.Count);

    [Fact]
    public void A_wrong_passphrase_is_no_damage()
    {
        using var wrong = SealedKek.Derive(SealedFolder.Passphrase("wrong"), SealedFileText.Parse(file.Bytes, "test").Header.Kdf, "test");
        Assert.Equal(FaultKind.WrongPassphrase, Assert.Throws<BridgeException>(() => Open(file.Bytes, wrong)).Kind);
    }

    [Fact]
    public void Nothing_of_a_passphrase_is_lost_or_added()
    {
        foreach (string other in new[] { "correct horse e", "correct horse é ", "Correct horse é", "correct horse e\u0301" })
        {
            using var kek = SealedKek.Derive(SealedFolder.Passphrase(other), file.Kek.Kdf, "test");
            Assert.False(kek.Verifier.SequenceEqual(file.Kek.Verifier), other);
        }
    }

    [Fact]
    public void A_bit_that_fell_over_anywhere_is_damage_and_costs_no_derivation()
    {
        int first = Lines[0].Length + 1;
        for (int i = first; i < file.Bytes.Length; i += 7)
        {
            byte[] damaged = [.. file.Bytes];
            damaged[i] ^= 1;
            FaultKind kind = Assert.Throws<BridgeException>(() => SealedFileText.Parse(damaged, "test")).Kind;

            // A line's end that is one no more cuts the file off, or makes one line of two.
            Assert.True(kind is FaultKind.SealedFileDamaged || file.Bytes[i] == '\n', $"{kind} at {i}");
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_told_as_cut_off()
    {
        for (int i = 0; i < file.Bytes.Length; i++)
        {
            Assert.Equal(FaultKind.SealedFileTruncated, Assert.Throws<BridgeException>(() => SealedFileText.Parse(file.Bytes.AsMemory(0, i), "test")).Kind);
        }

        Assert.Equal(FaultKind.SealedFileTruncated, Parse(string.Join('\n', Lines[..5]) + "\nend\n").Kind);
    }

    [Fact]
    public void More_than_the_file_counts_is_damage() => Assert.Equal(FaultKind.SealedFileDamaged, Parse(Text + "x").Kind);

    [Theory]
    [InlineData("secretbridge-sealed-file/2", FaultKind.SealedFileTooNew)]
    [InlineData("secretbridge-sealed-file/17", FaultKind.SealedFileTooNew)]
    [InlineData("secretbridge-sealed-file/0", FaultKind.SealedFileDamaged)]
    [InlineData("secretbridge-sealed-file/1 ", FaultKind.SealedFileDamaged)]
    [InlineData("{\"version\":1}", FaultKind.SealedFileDamaged)]
    public void The_first_line_tells_what_it_is(string line, FaultKind kind) =>
        Assert.Equal(kind, Parse(string.Join('\n', Lines[1..].Prepend(line))).Kind);

    [Fact]
    public async Task A_newer_file_is_never_written_over()
    {
        using var folder = new SealedFolder();
        await using SealedFileStore store = await folder.FillAsync(1);
        byte[] newer = Encoding.ASCII.GetBytes("secretbridge-sealed-file/2\nwho knows\n");
        await File.WriteAllBytesAsync(folder.Path, newer);
        Assert.Equal(FaultKind.SealedFileTooNew, (await Assert.ThrowsAsync<BridgeException>(() => store.PutAsync("a/0", "{}"))).Kind);
        Assert.Equal(FaultKind.SealedFileTooNew, (await Assert.ThrowsAsync<BridgeException>(() => folder.OpenAsync())).Kind);
        Assert.Equal(newer, folder.Bytes);
    }

    [Fact]
    public void Entries_in_another_order_or_of_another_save_are_tampering()
    {
        string[] lines = Lines;
        (lines[3], lines[4]) = (lines[4], lines[3]);
        Assert.Equal(FaultKind.SealedFileTampered, Parse(string.Join('\n', lines)).Kind);

        string[] mixed = Lines;
        mixed[4] = Encoding.ASCII.GetString(file.Other).Split('\n')[4];
        Assert.Equal(FaultKind.SealedFileTampered, Parse(string.Join('\n', mixed)).Kind);
    }

    [Fact]
    public void Whoever_also_mends_the_sums_and_the_hash_still_lacks_the_key()
    {
        string[] lines = Lines;
        (lines[3], lines[4]) = (lines[4], lines[3]);
        Assert.Equal(FaultKind.SealedFileTampered, Refused(Resummed.File(string.Join('\n', lines))));
        Assert.Equal(FaultKind.SealedFileTampered, Refused(Resummed.File(Text.Replace("\"generation\":", "\"generation\":1", StringComparison.Ordinal))));
        Assert.Equal(FaultKind.SealedFileTampered, Refused(Resummed.File(string.Join('\n', Lines[..3].Concat(Encoding.ASCII.GetString(file.Other).Split('\n')[3..])))));
    }

    [Fact]
    public void Whoever_has_the_key_of_a_save_alone_cannot_move_a_payload_to_another_name()
    {
        SealedContent content = Open(file.Bytes);
        Assert.Equal(FaultKind.SealedFileTampered, Assert.Throws<BridgeException>(() => content.Entries["a/0"].Data.Open("a/1")).Kind);
    }

    [Theory]
    [InlineData("\"iterations\":220000", "\"iterations\":219999", FaultKind.SealedFileTampered)]
    [InlineData("\"iterations\":220000", "\"iterations\":1", FaultKind.SealedFileTampered)]
    [InlineData("\"iterations\":220000", "\"iterations\":10000001", FaultKind.SealedFileTampered)]
    [InlineData("\"iterations\":220000", "\"iterations\":2200000000000", FaultKind.SealedFileDamaged)]
    [InlineData("pbkdf2-hmac-sha512", "pbkdf2-hmac-sha1", FaultKind.SealedFileDamaged)]
    [InlineData("\"entries\":3", "\"entries\":3,\"more\":1", FaultKind.SealedFileDamaged)]
    [InlineData("\"entries\":3", "\"entries\":3,\"entries\":3", FaultKind.SealedFileDamaged)]
    [InlineData("\"entries\":3", "\"entries\":-1", FaultKind.SealedFileDamaged)]
    [InlineData("\"entries\":3", "\"entries\":[[[[3]]]]", FaultKind.SealedFileDamaged)]
    [InlineData("\"entries\":3", "\"entries\":4", FaultKind.SealedFileTruncated)]
    [InlineData("\"salt\":\"", "\"salt\":\"!", FaultKind.SealedFileDamaged)]
    public void A_header_that_asks_for_what_is_unsafe_or_unknown_is_refused(string part, string by, FaultKind kind)
    {
        Assert.Contains(part, Text, StringComparison.Ordinal);
        Assert.Equal(kind, Refused(Resummed.File(Text.Replace(part, by, StringComparison.Ordinal))));
    }

    [Fact]
    public void A_salt_that_is_too_short_or_too_long_is_refused()
    {
        string salt = file.Kek.Kdf.Salt;
        Assert.Equal(FaultKind.SealedFileTampered, Refused(Resummed.File(Text.Replace(salt, Convert.ToBase64String(new byte[15]), StringComparison.Ordinal))));
        Assert.Equal(FaultKind.SealedFileTampered, Refused(Resummed.File(Text.Replace(salt, Convert.ToBase64String(new byte[65]), StringComparison.Ordinal))));
    }

    [Fact]
    public void A_key_of_the_other_kind_is_told_before_anything_is_derived()
    {
        using var folder = new SealedFolder();
        var exception = Assert.Throws<BridgeException>(() => SealedKek.Derive(folder.Key, file.Kek.Kdf, "test"));
        Assert.Equal(FaultKind.WrongPassphrase, exception.Kind);
        Assert.Contains("passphrase", exception.Message, StringComparison.Ordinal);
    }

    private static BridgeException Parse(string text) => Assert.Throws<BridgeException>(() => SealedFileText.Parse(Encoding.ASCII.GetBytes(text), "test"));

    private FaultKind Refused(byte[] bytes) => Assert.Throws<BridgeException>(() => Open(bytes)).Kind;

    private SealedContent Open(byte[] bytes, SealedKek? kek = null) => SealedFileReader.Open(SealedFileText.Parse(bytes, "test"), kek ?? file.Kek, "test");
}
