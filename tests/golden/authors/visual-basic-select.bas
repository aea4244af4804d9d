HEAR grade AS INTEGER
Select Case grade
    Case Is >= 9
        TALK "Very good"
    Case 5 To 8: TALK "Good"
    Case Else
        TALK "Hm"
End Case
