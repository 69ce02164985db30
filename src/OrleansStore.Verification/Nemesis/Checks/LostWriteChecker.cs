using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis.Checks;

/// <summary>Looks for acknowledged writes that are not there at the end, by a rule of its own that a person can follow: simpler than the search, and blind to what it is not about.</summary>
internal static class LostWriteChecker
{
    /// <summary>Checks the keys of one family.</summary>
    /// <param name="records">All records of the family.</param>
    /// <param name="finalFrom">From when on the final reads were sent, in ticks: after every write had ended.</param>
    /// <param name="keyName">The name of a key, for messages.</param>
    /// <returns>One sentence per lost write.</returns>
    public static IEnumerable<string> Check(IReadOnlyList<OperationRecord> records, long finalFrom, Func<int, string> keyName)
    {
        foreach (var key in records.SelectMany(KeysOf).Distinct())
        {
            // Revisions rise with every change of a bucket: the last acknowledged change of a key is the one with the highest.
            var changes = records.Where(record => record.Status == WorkStatus.Applied && KeysOf(record).Contains(key)).ToList();
            if (changes.Count == 0)
            {
                continue;
            }

            var last = changes.MaxBy(record => record.Revision);
            var mayBeDeleted = records.Any(record => record.Status == WorkStatus.Unknown && Deletes(record, key));
            foreach (var read in records.Where(record => record.Kind == WorkKind.Get && record.Key == key && record.Begin >= finalFrom))
            {
                if (Misses(read, last, key, mayBeDeleted))
                {
                    yield return $"{keyName(key)}: the {last.Kind} of client {last.Client} was acknowledged at revision {last.Revision}; at the end "
                        + (read.Status == WorkStatus.Found ? $"the record is at revision {read.Revision}." : "there is no record.");
                    break;
                }
            }
        }
    }

    private static bool Misses(OperationRecord read, OperationRecord last, int key, bool mayBeDeleted) => read.Status switch
    {
        WorkStatus.NotFound => !Deletes(last, key) && !mayBeDeleted,
        WorkStatus.Found => read.Revision < last.Revision || (read.Revision == last.Revision && read.Value != ValueOf(last, key)),
        _ => false,
    };

    private static IEnumerable<int> KeysOf(OperationRecord record) => record.Kind is WorkKind.PutPair or WorkKind.Move ? [record.Key, record.OtherKey] : [record.Key];

    private static bool Deletes(OperationRecord record, int key) => record.Key == key && record.Kind is (WorkKind.Delete or WorkKind.Move);

    private static int ValueOf(OperationRecord record, int key) => record.Key == key ? record.Value : record.OtherValue;
}
