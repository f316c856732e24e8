using SecretBridge.Tests.Stores.Sealed;
using SecretBridge.Tests.Trees.Control;

// Started by the test host, this does nothing; started by a test, it is the process that the test kills.
return args switch
{
    ["sealed", .. var rest] => await SealedChild.RunAsync(rest),
    ["copy", .. var rest] => await CopyChild.RunAsync(rest),
    _ => 0,
};
