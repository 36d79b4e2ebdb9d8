using System.Collections.Generic;
using System.Linq;
using System.Text;

using SimdNet.Files;
using SimdNet.Interop;

namespace SimdNet.Tests.Files;

/// <content>Text: CSV and the numbers of numpy's savetxt.</content>
internal static partial class AttackCorpus
{
    private static void AddCsv(Dictionary<string, Attack> attacks)
    {
        Add("empty", "", "the file is empty");
        Add("blank lines", "\n\r\n \n", "the file is empty");
        Add("header alone", "a,y\n", "a header and no rows");
        Add("one column", "y\n1\n", "one column");
        Add("another delimiter", "a;y\n1;2\n", "as the delimiter");
        Add("numbers as a header", "1,2\n3,4\n", "only numbers");
        Add("name twice", "a,a\n1,2\n", "'a' twice");
        Add("decimal comma", "a,y\n\"1,5\",2\n", "line 2, column 'a': '1,5' is no number");
        Add("thousands", "a,y\n1_000,2\n", "'1_000' is no number");
        Add("above the range of float", "a,y\n1e39,2\n", "'1e39' is not finite, or too large for Single");
        Add("NaN", "a,y\nNaN,2\n", "'NaN' is not finite");
        Add("infinity", "a,y\n-Infinity,2\n", "not finite");
        Add("inf", "a,y\ninf,2\n", "'inf' is no number");
        Add("hexadecimal", "a,y\n0x10,2\n", "'0x10' is no number");
        Add("two numbers in a field", "a,y\n1 2,2\n", "'1 2' is no number");
        Add("value missing", "a,y\n,2\n", "line 2, column 'a': the value is missing");
        Add("label missing", "a,y\n1,\n", "line 2, column 'y': the value is missing");
        Add("row too short", "a,b,y\n1,2,0\n1,2\n", "line 3 has 2 fields, the first row has 3");
        Add("row too long", "a,b,y\n1,2,0\n1,2,0,0\n", "line 3 has 4 fields");
        Add("row with a trailing comma", "a,y\n1,2,\n", "line 2 has 3 fields");
        Add("labels of numbers and text", "a,y\n1,2\n1,x\n", "'x' is no number");
        Add("label not finite", "a,y\n1,2.5\n1,1e39\n", "not finite");
        Add("zero byte in a number", "a,y\n1\0,2\n", "zero character");
        Add("zero byte in a label", "a,y\n1,x\0\n", "zero character");
        Add("zero byte before a row", "a,y\n1,2\n\0,2\n3,4\n", "line 3 begins with a zero character");
        Add("zero bytes in place of a row", "a,y\n1,2\r\n\0\0\0\0\0\r\n3,4\r\n", "line 3 begins with a zero character");
        Add("zero byte before the header", "\0a,y\n1,2\n", "line 1 begins with a zero character");
        Add("escape in a field", "a,y\n\u001b[2J,2\n", "'?[2J' is no number");
        Add("quotation mark open", "a,y\n\"1,2\n", "the row from line 2 is no CSV");
        Add("text behind a quotation mark", "a,y\n\"1\"5,2\n", "the row from line 2 is no CSV");
        AddBytes("Latin-1", Encoding.Latin1.GetBytes("größe,y\n1,2\n"), "no UTF-8");
        AddBytes("UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,y\n1,2\n")], "no UTF-8");
        AddBytes("two marks of the byte order", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. "1,2\n"u8], "a header and no rows");
        AddBytes("zip instead", [(byte)'P', (byte)'K', 3, 4, 0, 0xFF, 0xFE, 0x80], "no UTF-8");

        // What Sylvan reads is kept until the row ends: the cap on a row is what bounds it.
        AddBytes("6 MB in one field", [.. Enumerable.Repeat((byte)'1', 6 << 20)], "more than 1048576 characters", 64 << 20);
        AddBytes("a million columns", [.. Enumerable.Repeat((byte)',', 1 << 20), (byte)'\n'], "line 1 has more than 17000 fields");
        AddBytes("a row of a million fields", [.. "a,y\n"u8, .. Enumerable.Repeat((byte)',', 1 << 20), (byte)'\n'], "line 2 has more than 17000 fields");

        // A line end in quotation marks ends no row. Up to the bound the reader takes the row apart, with lists that grow by 32 fields.
        Add("200,000 quoted fields with a line end in each", string.Concat(Enumerable.Repeat("\"\n\",", 200_000)), "line 1 has more than 17000 fields", 64 << 20);
        Add("the same with the line ends of old", string.Concat(Enumerable.Repeat("\"\r\",", 200_000)), "line 1 has more than 17000 fields", 64 << 20);
        Add("200,000 fields with the line end of old between them, behind a row that ends in another", "a,y\n" + string.Concat(Enumerable.Repeat("1,\r", 200_000)), "fields", 64 << 20);
        Add("the same behind a row that ends in both", "a,y\r\n" + string.Concat(Enumerable.Repeat("1,\r", 200_000)), "fields", 64 << 20);
        Add("the same the other way round", "a,y\r" + string.Concat(Enumerable.Repeat("1,\n", 200_000)), "line 2 has more than 17000 fields", 64 << 20);
        Add("the same in quotation marks, behind a mark of the byte order", "\ufeff" + string.Concat(Enumerable.Repeat("\"\n\",", 200_000)), "line 1 has more than 17000 fields", 64 << 20);
        Add("the same in a second row, with two quotation marks for one", "a,y\n" + string.Concat(Enumerable.Repeat("\"\"\"\n\",", 200_000)), "line 2 has more than 17000 fields", 64 << 20);

        void Add(string name, string text, string expected, long maxAllocation = 1 << 20) => AddBytes(name, Encoding.UTF8.GetBytes(text), expected, maxAllocation);

        void AddBytes(string name, byte[] bytes, string expected, long maxAllocation = 1 << 20) =>
            attacks.Add("csv: " + name, new Attack(path => CsvFile.Read<float>(path), bytes, expected) { MaxAllocation = maxAllocation });
    }

    private static void AddText(Dictionary<string, Attack> attacks)
    {
        Add("empty", "", "no number in the file");
        Add("comments alone", "# 1 2 3\n#\n", "no number in the file");
        Add("header lies about the shape", "# 3 rows, 2 columns\n1 2\n3\n", "line 3 has 1 numbers, the first row has 2");
        Add("row too long", "1 2\n3 4 5\n", "line 2 has 3 numbers");
        Add("commas", "1,2\n", "line 1: '1,2' is no number");
        Add("decimal comma", "1,5 2\n", "'1,5' is no number");
        Add("words", "1 two\n", "'two' is no number");
        Add("beyond the range", "1 1e999\n", "'1e999' is no number");
        Add("zero byte behind a number", "1\0 2\n", "is no number");
        Add("escape", "\u001b[2J\n", "'?[2J' is no number");
        Add("other digits", "\u0661\n", "is no number");
        Add("infinity sign", "\u221e\n", "is no number");
        Add("hexadecimal", "0x1p3\n", "is no number");
        Add("complex", "(1+2j)\n", "is no number");
        Add("npy instead", "\u0093NUMPY", "is no number");

        void Add(string name, string text, string expected) => attacks.Add(
            "text: " + name, new Attack(path => TextWeights.Read<double>(path), Encoding.UTF8.GetBytes(text), expected));
    }
}
