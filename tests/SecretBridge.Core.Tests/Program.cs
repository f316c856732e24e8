using SecretBridge.Stores.Sealed;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Stores.Sealed;
using SecretBridge.Tests.Stores.Snapshots;
using SecretBridge.Tests.Trees.Control;

// Started by the test host, this does nothing; started by a test, it is the process that the test kills.
return args switch
{
    ["sealed", .. var rest] => await SealedChild.RunAsync(rest),
    ["copy", .. var rest] => await CopyChild.RunAsync(rest),
    ["log", var path, var name] => RunLogChild.Run(path, name),
    ["snapshot", var path, var key] => SnapshotGoldenTests.Write(new() { Path = path, Credential = SealedFileCredential.FromKeyFile(key) }),
    ["snapshot", var path, _, var passphrase] => SnapshotGoldenTests.Write(new() { Path = path, Credential = SealedFolder.Passphrase(passphrase) }),
    _ => 0,
};
