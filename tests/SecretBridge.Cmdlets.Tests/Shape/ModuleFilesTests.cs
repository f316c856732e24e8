using Xunit;

namespace SecretBridge.Tests.Shape;

public class ModuleFilesTests
{
    private static readonly string[] Shipped =
    [
        "LICENSE",
        "SecretBridge.Cmdlets.dll",
        "SecretBridge.Format.ps1xml",
        "SecretBridge.Loader.dll",
        "SecretBridge.psd1",
        "deps/Polly.Core.dll",
        "deps/SecretBridge.Core.dll",
        "deps/YamlDotNet.dll",
        "en-US/SecretBridge.Cmdlets.dll-Help.xml",
        "en-US/about_SecretBridge.help.txt",
    ];

    [Fact]
    public void The_build_lays_exactly_these_files()
    {
        string folder = Path.Combine(Repository.Root, "artifacts/module/SecretBridge");
        string[] laid = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.Equal(Shipped, laid);
    }

    [Fact]
    public void The_laid_manifest_is_the_one_of_the_repository() =>
        Assert.Equal(Repository.Manifest, Repository.Read("artifacts/module/SecretBridge/SecretBridge.psd1"));
}
