using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

public class SealedFileLocationTests
{
    [Theory]
    [InlineData(PlatformID.Unix, "HOME=/home/a", "/home/a/.local/share/secretbridge/profiles.sealed")]
    [InlineData(PlatformID.Unix, "HOME=/home/a;XDG_DATA_HOME=/data", "/data/secretbridge/profiles.sealed")]
    [InlineData(PlatformID.Unix, "HOME=/home/a;XDG_DATA_HOME=data", "/home/a/.local/share/secretbridge/profiles.sealed")]
    [InlineData(PlatformID.Unix, "HOME=/home/a;XDG_DATA_HOME=", "/home/a/.local/share/secretbridge/profiles.sealed")]
    [InlineData(PlatformID.MacOSX, "HOME=/Users/a;XDG_DATA_HOME=/data", "/Users/a/Library/Application Support/secretbridge/profiles.sealed")]
    [InlineData(PlatformID.Win32NT, "HOME=/home/a;APPDATA=/roaming", "/roaming/secretbridge/profiles.sealed")]
    [InlineData(PlatformID.Win32NT, "APPDATA=/roaming;SECRETBRIDGE_STORE=x.sealed", "x.sealed")]
    [InlineData(PlatformID.Unix, "SECRETBRIDGE_STORE=/x.sealed", "/x.sealed")]
    public void The_usual_place_follows_the_platform(PlatformID platform, string environment, string path) =>
        Assert.Equal(path, SealedFileLocation.Default(Variables(environment), platform).Replace('\\', '/'));

    [Theory]
    [InlineData(PlatformID.Unix, "HOME")]
    [InlineData(PlatformID.Win32NT, "APPDATA")]
    public void Without_a_home_no_place_is_guessed(PlatformID platform, string named)
    {
        var exception = Assert.Throws<BridgeException>(() => SealedFileLocation.Default(_ => null, platform));
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Variables(string text)
    {
        var variables = text.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => variables.GetValueOrDefault(name);
    }
}
