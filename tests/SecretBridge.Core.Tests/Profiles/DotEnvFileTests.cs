using System.Text;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using Xunit;

namespace SecretBridge.Tests.Profiles;

public class DotEnvFileTests
{
    [Theory]
    [InlineData("A=1", "A=1")]
    [InlineData("\uFEFFA=1\r\nB=2\r\n", "A=1|B=2")]
    [InlineData("# comment\n\n  export A = x y \n", "A=x y")]
    [InlineData("A=x # comment\nB=x#y\nC= #z\nD=\t# z", "A=x|B=x#y|C=|D=")]
    [InlineData("A=\nB=''\nC=\"\"", "A=|B=|C=")]
    [InlineData("A='x\\n$Y # z' # comment", "A=x\\n$Y # z")]
    [InlineData("A=\"x\\ny\\\"\\\\ \\$Z \\q\"", "A=x\ny\"\\ $Z \\q")]
    [InlineData("A=\"-----BEGIN\nline\n-----END\"\nB=2", "A=-----BEGIN\nline\n-----END|B=2")]
    [InlineData("A='two\nlines'", "A=two\nlines")]
    [InlineData("A=http://x/?a=b&c=d", "A=http://x/?a=b&c=d")]
    [InlineData("A=${B}\nB=$(x)", "A=${B}|B=$(x)")]
    [InlineData("", "")]
    [InlineData("\n\n# only\n", "")]
    public void Values_are_read_as_dotenv_files_write_them(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', DotEnvFile.Parse(text, "x.env").Select(value => $"{value.Key}={value.Value.Reveal()}")));

    [Theory]
    [InlineData("A=1\ncanary-0042", 2)]
    [InlineData("A=1\n\n# x\n2A=canary-0042", 4)]
    [InlineData("A=\"canary-0042\nB=2\nC=3", 1)]
    [InlineData("A=1\nB=\"canary\" canary-0042\nC=3", 2)]
    [InlineData("A=\"1\n2\"\nB=1\nA=canary-0042", 4)]
    [InlineData("A=1\nB=#canary-0042\nC=3", 2)]
    public void A_flaw_is_told_by_its_line_and_never_by_its_text(string text, int line)
    {
        BridgeException fault = Assert.Throws<BridgeException>(() => DotEnvFile.Parse(text, "x.env"));
        Assert.Contains($"in line {line} ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_is_a_secret_except_what_a_pattern_names()
    {
        ProfileEdit edit = ProfileFile.FromDotEnv(Encoding.UTF8.GetBytes("REGION=eu\nLOG_LEVEL=info\nKEY=canary-0042"), "x.env", ["log_*", "REGION"]);
        Assert.Equal(["REGION", "LOG_LEVEL"], edit.Env.Keys);
        Assert.Equal(["KEY"], edit.Secrets.Keys);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused() =>
        Assert.Equal(FaultKind.InvalidProfile, Assert.Throws<BridgeException>(() => ProfileFile.FromDotEnv([0x41, 0x3D, 0xFF], "x.env", [])).Kind);
}
